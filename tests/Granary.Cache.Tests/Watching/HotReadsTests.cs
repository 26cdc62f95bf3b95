using System.Text;
using Granary.Cache.Tests.Doubles;
using Granary.Cache.Watching;
using Granary.Store;
using Granary.Wire;

namespace Granary.Cache.Tests.Watching;

/// <summary>Reads of a key that is hot on another silo: which are answered here, and what ends that.</summary>
public sealed class HotReadsTests : IDisposable
{
    private const int HotReadCount = 16; // in a tenth of a second

    private readonly PausingTimeProvider _time = new();
    private readonly CacheStore _elsewhere;
    private readonly ChangeTeller _teller;
    private readonly FakePeer _other;
    private readonly FakePeer _grain;
    private readonly TestSilo _silo;

    public HotReadsTests()
    {
        _elsewhere = TestStore.Create(_time);
        _teller = new ChangeTeller(_elsewhere);
        _other = new FakePeer(TestShards.Other, _elsewhere) { Watch = _teller.WatchAsync };
        _grain = new FakePeer(TestShards.Other, _elsewhere) { Locate = static () => TestShards.Other };
        _silo = new TestSilo(_time, _other, _grain, hasHotCopies: true);
    }

    [Fact]
    public async Task HotKey_IsAnsweredHere_AfterOneReadMoreAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Set("key", "a"u8);
        for (int read = 0; read < HotReadCount; read++)
        {
            Assert.Equal("Success a", await GetAsync());
        }

        await WaitUntilWatchedAsync();
        Assert.Equal("Success a", await GetAsync());
        Assert.Equal(HotReadCount + 1, _other.Batches.Length);
        Assert.Equal(["ReadWith key"], _other.Batches[^1]);

        for (int read = 0; read < 100; read++)
        {
            Assert.Equal("Success a", await GetAsync());
        }

        Assert.Equal(HotReadCount + 1, _other.Batches.Length);
        Assert.Equal(100, _silo.HotReads!.Hits);
    }

    [Fact]
    public async Task Key_ThatIsReadSeldom_IsNotCopiedAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Set("key", "a"u8);
        for (int read = 0; read < 100; read++)
        {
            await GetAsync();
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(100, _other.Batches.Length);
        Assert.All(_other.Batches, static batch => Assert.Equal(["Get key"], batch));
    }

    [Fact]
    public async Task Change_OfAnother_EndsTheCopyWhenItIsHeard_AndHalvesTheKeysCountAsync()
    {
        await CopyAsync("a");

        _elsewhere.Set("key", "b"u8);
        await _teller.WaitUntilAskedAsync();

        Assert.Equal("Success b", await GetAsync());
        Assert.Equal(["Get key"], _other.Batches[^1]);
        Assert.Equal(0, _silo.HotReads!.Hits);
    }

    [Theory]
    [InlineData(CacheOperation.Set, "Success b")]
    [InlineData(CacheOperation.Append, "Success ab")]
    [InlineData(CacheOperation.Delete, "NotFound")]
    public async Task OwnChange_IsSeenAtOnceAsync(CacheOperation change, string then)
    {
        await CopyAsync("a");
        _teller.Hold();

        using (RemoteCall call = new(_silo.Router))
        {
            await call.Submit(change, "key", "b").SendAsync();
        }

        Assert.Equal(then, await GetAsync());
        Assert.Equal(0, _silo.HotReads!.Hits);
    }

    // The answer of the first is not here when the second is submitted.
    [Fact]
    public async Task Read_BehindAChangeInOneWindow_SeesItAsync()
    {
        await CopyAsync("a");
        _teller.Hold();

        using RemoteCall call = new(_silo.Router);
        string[] answers = await call
            .Submit(CacheOperation.Get, "key")
            .Submit(CacheOperation.Set, "key", "b")
            .Submit(CacheOperation.Get, "key")
            .SendAsync();

        Assert.Equal(["Success a", "Success", "Success b"], answers);
        Assert.Equal(1, _silo.HotReads!.Hits);
    }

    // The change waits for whoever serves the shard, and has left no trace in the window.
    [Fact]
    public async Task Read_BehindAChangeThatLooksForItsShard_SeesItAsync()
    {
        await CopyAsync("a");
        _teller.Hold();
        var held = new TaskCompletionSource();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _elsewhere.Close(0);
        _grain.BeforeExecute = async _ =>
        {
            held.TrySetResult();
            await gate.Task;
        };
        using RemoteCall first = new(_silo.Router);
        Task<string[]> setting = first.Submit(CacheOperation.Set, "key", "b").SendAsync();
        await held.Task.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);

        using RemoteCall second = new(_silo.Router);
        second.Submit(CacheOperation.Set, "key", "c").Submit(CacheOperation.Get, "key");
        _elsewhere.Open(0);
        gate.SetResult();

        Assert.Equal(["Success"], await setting);
        Assert.Equal(["Success", "Success c"], await second.SendAsync());
    }

    // Nobody knows whether it was done.
    [Fact]
    public async Task OwnChange_WithoutAnAnswer_EndsTheCopyAsync()
    {
        await CopyAsync("a");
        _teller.Hold();
        _other.AfterExecute = static _ => throw new TimeoutException();

        using (RemoteCall call = new(_silo.Router))
        {
            Assert.Equal(["Unknown"], await call.Submit(CacheOperation.Set, "key", "b").SendAsync());
        }

        _other.AfterExecute = null;
        Assert.Equal("Success b", await GetAsync());
    }

    [Fact]
    public async Task Copy_IsReadAnewAfterASecondAsync()
    {
        await CopyAsync("a");
        int batches = _other.Batches.Length;

        _time.Advance(HotReads.Lifetime - TimeSpan.FromMilliseconds(20));
        Assert.Equal("Success a", await GetAsync());
        Assert.Equal(batches, _other.Batches.Length);

        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal("Success a", await GetAsync());
        Assert.Equal(batches + 1, _other.Batches.Length);
    }

    [Fact]
    public async Task Entry_ThatExpires_IsNotAnsweredForLongerAsync()
    {
        await CopyAsync("a", WireExpiration.After(TimeSpan.FromMilliseconds(500)));

        _time.Advance(TimeSpan.FromMilliseconds(450));
        Assert.Equal("Success a", await GetAsync());
        Assert.Equal(1, _silo.HotReads!.Hits);

        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal("NotFound", await GetAsync());
    }

    [Fact]
    public async Task Shard_ThatIsServedAnew_EndsItsCopiesBeforeItIsAsync()
    {
        await CopyAsync("a");
        int batches = _other.Batches.Length;

        _silo.Registry[0].Announce(TestShards.Other, 2);

        await GetAsync();
        Assert.Equal(batches + 1, _other.Batches.Length);
    }

    [Fact]
    public async Task Shard_ThatIsFlushed_EndsItsCopiesAsync()
    {
        await CopyAsync("a");

        _elsewhere.Flush(0, 0);
        await _teller.WaitUntilAskedAsync();
        Assert.Equal("NotFound", await GetAsync());
    }

    [Fact]
    public async Task Flush_ByThisSilo_IsSeenAtOnceAsync()
    {
        await CopyAsync("a");
        int batches = _other.Batches.Length;

        _silo.HotReads!.ForgetAll();

        await GetAsync();
        Assert.Equal(batches + 1, _other.Batches.Length);
    }

    // Its owner marks it when it is read, and answers differently.
    [Fact]
    public async Task StaleEntry_IsNotCopiedAsync()
    {
        await CopyAsync("a");
        _elsewhere.Execute(new PackedOperation
        {
            Operation = CacheOperation.DeleteWith,
            Key = "key"u8,
            Options = new OperationOptions { Bits = OperationBits.MarksStale },
        });
        await _teller.WaitUntilAskedAsync();
        int batches = _other.Batches.Length;

        for (int read = 0; read < 2 * HotReadCount; read++)
        {
            await GetAsync();
        }

        Assert.Equal(batches + (2 * HotReadCount), _other.Batches.Length);
    }

    [Theory]
    [InlineData(CacheOperation.Get, OperationBits.None, true)]
    [InlineData(CacheOperation.GetAndTouch, OperationBits.None, false)]
    [InlineData(CacheOperation.Set, OperationBits.None, false)]
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue, true)]
    [InlineData(CacheOperation.ReadWith, OperationBits.None, false)] // an answer without its value is no copy
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue | OperationBits.WantsUse, false)]
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue | OperationBits.IsNoUse, false)]
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue | OperationBits.Touches, false)]
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue | OperationBits.Creates, false)]
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue | OperationBits.Refreshes, false)]
    [InlineData(CacheOperation.ReadWith, OperationBits.WantsValue | OperationBits.Compares, false)]
    public void Operation_ThatDoesMoreThanRead_IsItsOwners(CacheOperation operation, OperationBits bits, bool canBeAnswered) =>
        Assert.Equal(canBeAnswered, HotReads.CanAnswer(
            new PackedOperation { Operation = operation, Key = "key"u8, Options = new OperationOptions { Bits = bits } }));

    // It asks the shard's silo itself: what comes here does so while the shard moves.
    [Fact]
    public async Task DotNetClientsRead_IsAlwaysForwardedAsync()
    {
        await CopyAsync("a");
        int batches = _other.Batches.Length;
        using RemoteCall call = new(_silo.Router);

        await call.Submit(CacheOperation.Get, "key", mayDetour: false).SendAsync();

        Assert.Equal(batches + 1, _other.Batches.Length);
    }

    // Else he, or whoever he tells, would be answered with the old one next.
    [Fact]
    public async Task OwnersAnswer_ThatIsNewer_EndsTheCopyAsync()
    {
        await CopyAsync("a");
        _teller.Hold();
        _elsewhere.Set("key", "b"u8);
        using RemoteCall call = new(_silo.Router);

        Assert.Equal(["Success b"], await call.Submit(CacheOperation.Get, "key", mayDetour: false).SendAsync());

        Assert.Equal("Success b", await GetAsync());
    }

    public void Dispose()
    {
        _silo.Dispose();
        _teller.Dispose();
        _elsewhere.Dispose();
    }

    private async Task SeeTheShardAtTheOtherAsync()
    {
        await _silo.SeeBothAsync();
        _silo.Registry[0].Announce(TestShards.Other, 1);
        _elsewhere.Open(0);
    }

    // It has asked where the log ends, and then for what comes.
    private async Task WaitUntilWatchedAsync()
    {
        await _teller.WaitUntilAskedAsync();
        await _teller.WaitUntilAskedAsync();
    }

    private async Task CopyAsync(string value, long expiration = 0)
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Execute(new PackedOperation
        {
            Operation = CacheOperation.Set,
            Key = "key"u8,
            Value = Encoding.UTF8.GetBytes(value),
            Expiration = expiration,
        });
        for (int read = 0; read < HotReadCount; read++)
        {
            await GetAsync();
        }

        await WaitUntilWatchedAsync();
        await GetAsync();
        Assert.Equal(["ReadWith key"], _other.Batches[^1]);
    }

    private async Task<string> GetAsync()
    {
        using RemoteCall call = new(_silo.Router);
        return (await call.Submit(CacheOperation.Get, "key").SendAsync())[0];
    }
}
