using System.Collections.Concurrent;
using Granary.Client.Tests.Doubles;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime.Messaging;

namespace Granary.Client.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData(CacheStatus.Deferred)]
    [InlineData(CacheStatus.NotOwner)]
    public async Task Operation_NotApplied_IsSentAgain(CacheStatus status)
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        var refused = new ConcurrentDictionary<string, bool>();
        cluster.Silo.Override = key => refused.TryAdd(key, true) ? status : null;

        Assert.True(await cluster.Cache.AddAsync("key", "value"));

        Assert.Equal("value", (await cluster.Cache.GetAsync<string>("key")).Value);
    }

    [Fact]
    public async Task GetMany_SomeNotApplied_SendsOnlyThoseAgain()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        string[] keys = [.. Enumerable.Range(0, 64).Select(i => $"key{i}")];
        await cluster.Cache.SetManyAsync(keys.Select((key, i) => KeyValuePair.Create(key, i)));
        cluster.Silo.Reset();
        var refused = new ConcurrentDictionary<string, bool>();
        cluster.Silo.Override = key =>
            key.EndsWith('7') && refused.TryAdd(key, true) ? CacheStatus.NotOwner
            : key.EndsWith('3') && refused.TryAdd(key, true) ? CacheStatus.Deferred
            : null;

        CacheEntry<int>[] entries = await cluster.Cache.GetManyAsync<int>(keys);

        Assert.Equal(Enumerable.Range(0, 64), entries.Select(entry => entry.Value));
        Assert.Equal(64 + 7 + 6, cluster.Silo.Messages.Sum(message => message.Length)); // 3, 13, .. 63 and 7, .. 57
    }

    [Fact]
    public async Task Values_BeyondOneReply_AreDeferredAndAllArrive()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        string[] keys = [.. Enumerable.Range(0, 40).Select(i => $"key{i}")];
        foreach (string key in keys)
        {
            cluster.Store[key] = new FakeEntry(new byte[WireLimits.MaxInlineValueBytes]);
        }

        CacheEntry<byte[]>[] entries = await cluster.Cache.GetManyAsync<byte[]>(keys);

        Assert.All(entries, entry => Assert.Equal(WireLimits.MaxInlineValueBytes, entry.Value!.Length));
    }

    [Fact]
    public async Task Change_NeverOwned_IsUnavailableAtItsDeadline()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        DateTimeOffset start = cluster.Time.GetUtcNow();
        cluster.Silo.Override = _ => CacheStatus.NotOwner;

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => cluster.Cache.SetAsync("key", 1).AsTask());

        Assert.InRange(cluster.Time.GetUtcNow() - start, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Message_Rejected_GoesThroughAnotherSilo()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        cluster.Silos[0].BeforeExecute = _ => throw new ConnectionFailedException("Target silo is gone.");

        await cluster.Cache.SetManyAsync(Enumerable.Range(0, 32).ToDictionary(i => $"key{i}", i => i));

        Assert.Equal(32, cluster.Silos[1].Messages.SelectMany(message => message).Distinct().Count());
        Assert.True(cluster.MapFetches > 1);
    }

    [Fact]
    public async Task Change_LostConnection_IsUnknown()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.AfterExecute = number =>
            number == 0 ? throw new TimeoutException("No response.") : Task.CompletedTask;

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => cluster.Cache.SetAsync("key", 1).AsTask());

        Assert.Equal(1, (await cluster.Cache.GetAsync<int>("key")).Value);
        Assert.Single(cluster.Silo.Messages[0]);
    }

    [Fact]
    public async Task Change_SiloDiedAfterSending_IsUnknown()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.AfterExecute = _ => throw new SiloUnavailableException("The target silo became unavailable.");

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => cluster.Cache.IncrementAsync("key").AsTask());
    }

    [Fact]
    public async Task Change_OwnerAnswersUnknown_IsUnknown()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.Override = _ => CacheStatus.Unknown;

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => cluster.Cache.DeleteAsync("key").AsTask());
    }

    [Fact]
    public async Task Read_LostConnection_IsRepeated()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Store["key"] = new FakeEntry("value"u8.ToArray());
        cluster.Silo.BeforeExecute = number =>
            number < 3 ? throw new TimeoutException("No response.") : Task.CompletedTask;

        Assert.Equal("value", (await cluster.Cache.GetAsync<string>("key")).Value);
    }

    [Fact]
    public async Task Call_HeldPastItsDeadline_FailsByWhatItIs()
    {
        var time = new FakeTimeProvider();
        using FakeCluster cluster = await new FakeCluster(time: time).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = _ => gate.Task;

        Task sentRead = cluster.Cache.GetAsync<string>("a").AsTask();
        Task sentChange = cluster.Cache.SetAsync("b", 1).AsTask();
        Task waitingChange = cluster.Cache.SetAsync("c", 1).AsTask();
        time.Advance(TimeSpan.FromSeconds(11));

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => sentRead);
        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => sentChange);
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => waitingChange);
        gate.SetResult();
        cluster.Silo.BeforeExecute = null;
        await cluster.Cache.SetAsync("d", 1);
    }

    [Fact]
    public async Task Call_WithoutAnyMap_IsUnavailableAndSaysWhy()
    {
        using var cluster = new FakeCluster();
        cluster.BeforeMap = () => throw new TimeoutException("nobody home");

        var error = await Assert.ThrowsAsync<GranaryUnavailableException>(
            () => cluster.Cache.GetAsync<string>("key").AsTask());

        Assert.Contains("nobody home", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetMany_BeforeTheFirstMap_WaitsForIt()
    {
        using var cluster = new FakeCluster(silos: 2);
        cluster.Store["b"] = new FakeEntry("2"u8.ToArray());

        CacheEntry<int>[] entries = await cluster.Cache.GetManyAsync<int>(["a", "b"]);

        Assert.Equal([false, true], entries.Select(entry => entry.IsHit));
    }

    [Fact]
    public async Task Cancellation_FreesTheCallerAndNobodyElse()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        for (int i = 0; i < 32; i++)
        {
            cluster.Store[$"key{i}"] = new FakeEntry([(byte)('0' + (i % 10))]);
        }

        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = _ => gate.Task;
        using var cancellation = new CancellationTokenSource();
        Task<CacheEntry<int>>[] cancelled = [.. Enumerable.Range(0, 32)
            .Select(i => cluster.Cache.GetAsync<int>($"key{i}", cancellation.Token).AsTask())];
        Task<CacheEntry<int>>[] others = [.. Enumerable.Range(0, 32)
            .Select(i => cluster.Cache.GetAsync<int>($"key{i}").AsTask())];

        await cancellation.CancelAsync();
        foreach (Task<CacheEntry<int>> task in cancelled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        Task<CacheEntry<int>>[] later = [.. Enumerable.Range(0, 32)
            .Select(i => cluster.Cache.GetAsync<int>($"key{i}").AsTask())];
        gate.SetResult();

        IEnumerable<int> expected = Enumerable.Range(0, 32).Select(i => i % 10);
        Assert.Equal(expected, (await Task.WhenAll(others)).Select(entry => entry.Value));
        Assert.Equal(expected, (await Task.WhenAll(later)).Select(entry => entry.Value));
    }

    [Fact]
    public async Task Cancellation_AtAnyTime_NeverMixesAnswersUp()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        for (int i = 0; i < 64; i++)
        {
            cluster.Store[$"key{i}"] = new FakeEntry(System.Text.Encoding.ASCII.GetBytes($"{i}"));
        }

        foreach (FakeSilo silo in cluster.Silos)
        {
            silo.BeforeExecute = async _ => await Task.Yield();
        }

        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 300; i++)
            {
                using var cancellation = new CancellationTokenSource();
                Task<CacheEntry<int>> get = cluster.Cache.GetAsync<int>($"key{caller}", cancellation.Token).AsTask();
                if (i % 3 == 0)
                {
                    await cancellation.CancelAsync();
                }

                try
                {
                    Assert.Equal(caller, (await get).Value);
                }
                catch (OperationCanceledException)
                {
                    Assert.Equal(0, i % 3);
                }
            }
        })));
    }

    [Fact]
    public async Task Call_WithCancelledToken_IsCancelled()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cluster.Cache.GetAsync<int>("key", new CancellationToken(canceled: true)).AsTask());
    }
}
