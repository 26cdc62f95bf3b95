using Granary.Client.Cache.Creation;
using Granary.Client.Cache.Leases;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Client.Tests.Creation;

/// <summary>Processes that miss the same key, on one store that expires entries as a silo does.</summary>
public sealed class GetOrCreateTests : IDisposable
{
    private readonly PausingTimeProvider _time = new();
    private readonly RealOwner _owner;
    private readonly FakeCluster[] _processes;
    private readonly Creations[] _creations;

    public GetOrCreateTests()
    {
        _owner = new RealOwner(_time);
        _processes = [.. Enumerable.Range(0, 3).Select(_ => new FakeCluster(owner: _owner, time: _time))];
        _creations = [.. _processes.Select(process => new Creations(
            new GranaryLeases(process.RawCache, _time), _time, NullLogger.Instance))];
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Array.ForEach(_processes, process => process.Dispose());
        _owner.Dispose();
    }

    [Fact]
    public async Task Stampede_RunsTheFactoryOnce()
    {
        int runs = 0;
        var finish = new TaskCompletionSource();
        _time.Hold();
        Task<string>[] callers = [.. Enumerable.Range(0, 1000).Select(caller => GetAsync(caller % 3, async _ =>
        {
            Interlocked.Increment(ref runs);
            await finish.Task;
            return "value";
        }))];
        await WaitersAsync(callers.Length);
        finish.SetResult();
        await Task.WhenAny(callers); // the value is stored: what the others find when they ask again
        _time.Release();

        string[] values = await Task.WhenAll(callers);
        Assert.All(values, static value => Assert.Equal("value", value));
        Assert.Equal(3, values.Distinct(ReferenceEqualityComparer.Instance).Count()); // an object in each process
        Assert.Equal(1, runs);
        Assert.All(_creations, static creations => Assert.Equal(0, creations.Flights));
        while ((await _processes[0].Cache.GetAsync<string>("granary.create/key", Token)).IsHit)
        {
            await Task.Yield(); // the lease is given back when all have the value
        }
    }

    [Fact]
    public async Task Hit_RunsNoFactory()
    {
        await _processes[1].Cache.SetAsync("key", "there", cancellationToken: Token);

        Assert.Equal("there", await GetAsync(0, _ => throw new InvalidOperationException("not to be run")));
    }

    [Fact]
    public async Task Value_IsStoredWithItsOptions()
    {
        await _processes[0].Cache.GetOrCreateAsync(
            "key", 7, static (state, _) => new ValueTask<int>(state * 6), TimeSpan.FromSeconds(5), Token);

        Assert.Equal(42, (await _processes[1].Cache.GetAsync<int>("key", Token)).Value);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await _processes[1].Cache.GetAsync<int>("key", Token)).IsHit);
    }

    [Fact]
    public async Task Failure_IsItsCallersOwn_AndTheNextOneTries()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => GetAsync(0, _ => throw new FileNotFoundException()));

        Assert.Equal("value", await GetAsync(1, _ => new ValueTask<string>("value")));
    }

    [Fact]
    public async Task Failure_PassesTheTurnToAnotherProcess()
    {
        var began = new TaskCompletionSource();
        var fail = new TaskCompletionSource();
        Task<string> failing = GetAsync(0, async _ =>
        {
            began.SetResult();
            await fail.Task;
            throw new FileNotFoundException();
        });
        await began.Task.WaitAsync(Token);
        Task<string> waiting = GetAsync(1, _ => new ValueTask<string>("second"));

        fail.SetResult();

        Assert.Equal("second", await waiting);
        await Assert.ThrowsAsync<FileNotFoundException>(() => failing);
    }

    [Fact]
    public async Task Death_PassesTheTurnToAnotherProcess_WithinTheLease()
    {
        var began = new TaskCompletionSource();
        var never = new TaskCompletionSource<string>();
        Task<string> dying = GetAsync(0, async _ =>
        {
            began.SetResult();
            return await never.Task;
        });
        await began.Task.WaitAsync(Token);
        DateTimeOffset death = _time.GetUtcNow();
        _processes[0].Silo.BeforeExecute = static _ => throw new TimeoutException("dead");

        Assert.Equal("second", await GetAsync(1, _ => new ValueTask<string>("second")));

        Assert.InRange(_time.GetUtcNow() - death, TimeSpan.Zero, TimeSpan.FromSeconds(15)); // the lease, and pauses of both
        _processes[0].Silo.BeforeExecute = null;
        never.SetResult("first");
        Assert.Equal("first", await dying);
    }

    [Fact]
    public async Task Outage_IsNoFailure()
    {
        await _processes[0].ConnectedAsync();
        _processes[0].Silo.BeforeExecute = static _ => throw new TimeoutException("away");

        Assert.Equal("alone", await GetAsync(0, _ => new ValueTask<string>("alone")));

        Assert.Equal(0, _owner.Store.GetStatistics().Entries);
    }

    [Fact]
    public async Task Outage_ThatBeginsMeanwhile_IsNoFailure()
    {
        string value = await GetAsync(0, _ =>
        {
            _processes[0].Silo.BeforeExecute = static _ => throw new TimeoutException("away");
            return new ValueTask<string>("alone");
        });

        Assert.Equal("alone", value);
    }

    [Fact]
    public async Task Null_IsRefused()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GetAsync(0, _ => new ValueTask<string>((string)null!)));

        Assert.Equal("The factory of key 'key' returned null, which cannot be stored.", error.Message);
    }

    [Fact]
    public async Task Caller_WhoLeaves_LeavesTheOthers()
    {
        using var source = new CancellationTokenSource();
        var began = new TaskCompletionSource<CancellationToken>();
        var finish = new TaskCompletionSource<string>();
        Task<string> first = GetAsync(
            0,
            token =>
            {
                began.SetResult(token);
                return new ValueTask<string>(finish.Task);
            },
            source.Token);
        CancellationToken abandoned = await began.Task.WaitAsync(Token);
        Task<string> second = GetAsync(0, _ => throw new InvalidOperationException("not to be run"));
        await WaitersAsync(2);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(abandoned.IsCancellationRequested);
        finish.SetResult("value");

        Assert.Equal("value", await second);
    }

    [Fact]
    public async Task LastCaller_WhoLeaves_EndsTheFactory()
    {
        using var source = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        Task<string> caller = GetAsync(
            0,
            async token =>
            {
                token.Register(ended.SetResult);
                began.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return "never";
            },
            source.Token);
        await began.Task.WaitAsync(Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        await ended.Task.WaitAsync(Token);
        Assert.Equal("next", await GetAsync(1, _ => new ValueTask<string>("next")));
    }

    [Fact]
    public async Task LongestKey_HasALease()
    {
        string key = new('k', 1024);

        Assert.Equal(1, await _processes[0].Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(1), default, Token));
    }

    // Until so many wait for a value that is being made: who comes later reads it.
    private async Task WaitersAsync(int count)
    {
        while (_creations.Sum(static creations => creations.Waiters) < count)
        {
            await Task.Yield();
        }
    }

    private Task<string> GetAsync(
        int process, Func<CancellationToken, ValueTask<string>> factory, CancellationToken? cancellationToken = null) =>
        _creations[process].GetOrCreateAsync(
            new TypedEntries<string>(_processes[process].RawCache),
            "key", factory, static (create, token) => create(token), default, cancellationToken ?? Token).AsTask();
}
