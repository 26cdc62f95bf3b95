using System.Text;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Tests.Doubles;
using Granary.Reports;
using Granary.Store;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Routing;

/// <summary>What becomes of a batch that a client or another silo sends.</summary>
public sealed class BatchExecutorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _elsewhere;
    private readonly FakePeer _other;

    public BatchExecutorTests()
    {
        _elsewhere = TestStore.Create(_time, shardCount: 2);
        _other = new FakePeer(TestShards.Other, _elsewhere);
    }

    [Fact]
    public async Task Batch_OfAClient_IsExecutedWhereItsShardsAreAndAnsweredInItsOrderAsync()
    {
        using TestSilo silo = await ServingAsync(shardCount: 2);
        silo.Registry[1].Announce(TestShards.Other, 1);
        _elsewhere.Open(1);
        string[] keys = [.. Enumerable.Range(0, 20).Select(static number => $"key-{number}")];

        await ExecuteAsync(silo, CacheOperation.Set, hops: 0, keys);
        string[] answers = await ExecuteAsync(silo, CacheOperation.Get, hops: 0, keys);

        string[] expected = [.. keys.Select(static key => $"Success {key}")];
        Assert.Equal(expected, answers);
        int here = keys.Count(static key => ShardHash.ShardOf(Encoding.UTF8.GetBytes(key), 2) == 0);
        Assert.InRange(here, 1, keys.Length - 1);
        Assert.Equal([keys.Length - here, keys.Length - here], _other.Batches.Select(static batch => batch.Length));
    }

    // It would go round for ever between two silos that each take the other for the owner.
    [Fact]
    public async Task Batch_ThatAnotherSiloHasForwarded_IsExecutedHereOrNotAtAllAsync()
    {
        using TestSilo silo = await ServingAsync(shardCount: 2);
        silo.Registry[1].Announce(TestShards.Other, 1);
        _elsewhere.Open(1);
        string[] keys = [.. Enumerable.Range(0, 20).Select(static number => $"key-{number}")];

        string[] answers = await ExecuteAsync(silo, CacheOperation.Set, hops: 1, keys);

        string[] expected =
            [.. keys.Select(static key => ShardHash.ShardOf(Encoding.UTF8.GetBytes(key), 2) == 0 ? "Success" : "NotOwner")];
        Assert.Equal(expected, answers);
        Assert.Empty(_other.Batches);
    }

    [Fact]
    public async Task Batch_WhileThisSiloMayHaveBeenDeclaredDead_IsNotExecutedAsync()
    {
        using TestSilo silo = await ServingAsync();
        _time.Advance(ServingLease.Duration);

        Assert.Equal(["NotOwner"], await ExecuteAsync(silo, CacheOperation.Set, hops: 1, "key"));

        silo.Lease.Renew(_time.GetTimestamp());
        Assert.Equal(["NotFound"], await ExecuteAsync(silo, CacheOperation.Get, hops: 1, "key"));
    }

    [Fact]
    public async Task Batch_WhoseSiloWasStoppedWhileItWasExecuted_IsNotAnsweredAsync()
    {
        using TestSilo silo = await ServingAsync(hasGates: true);
        silo.Registry[0].Gate.Require(0);

        Task<string[]> set = ExecuteAsync(silo, CacheOperation.Set, hops: 1, "key");
        _time.Advance(ServingLease.Duration);
        silo.Registry[0].Gate.Require(silo.Store.ChangesOf(0));

        await Assert.ThrowsAsync<GranaryException>(() => set);
    }

    [Fact]
    public async Task Change_OfAShardThatHasAReplica_IsAnsweredWhenThatHasItAsync()
    {
        using TestSilo silo = await ServingAsync(hasGates: true);
        silo.Registry[0].Gate.Require(0);

        Task<string[]> set = ExecuteAsync(silo, CacheOperation.Set, hops: 1, "key");
        Task<string[]> get = ExecuteAsync(silo, CacheOperation.Get, hops: 1, "key");

        Assert.False(set.IsCompleted);
        Assert.Equal(["Success key"], await get);
        silo.Registry[0].Gate.Require(silo.Store.ChangesOf(0));
        Assert.Equal(["Success"], await set);
    }

    [Fact]
    public async Task Change_ThatHasWaitedForItsReplica_IsCountedAndIsSlowAsync()
    {
        using TestSilo silo = await ServingAsync(hasGates: true);
        silo.Registry[0].Gate.Require(0);

        Task<string[]> set = ExecuteAsync(silo, CacheOperation.Set, hops: 1, "key");
        _time.Advance(OperationTimes.SlowFrom);
        silo.Registry[0].Gate.Require(silo.Store.ChangesOf(0));
        await set;

        Assert.Equal(1, silo.Times.Replicated[LatencyBuckets.IndexOf(OperationTimes.SlowFrom)]);
        Assert.Equal("waited for the replica of shard 0", Assert.Single(silo.Times.Slow).Reason);
    }

    [Fact]
    public async Task Batches_ThatAreExecutedHere_AreTimedOnceInSixteenAsync()
    {
        using TestSilo silo = await ServingAsync();

        for (int number = 1; number <= 17; number++)
        {
            await ExecuteAsync(silo, CacheOperation.Get, hops: 0, "key");
        }

        Assert.Equal(2, silo.Times.Local.Sum());
    }

    [Fact]
    public async Task Change_WhoseReplicaDoesNotAnswer_IsUnknownAsync()
    {
        using TestSilo silo = await ServingAsync(hasGates: true);
        silo.Registry[0].Gate.Require(0);

        Task<string[]> set = ExecuteAsync(silo, CacheOperation.Set, hops: 1, "key");
        _time.Advance(TimeSpan.FromSeconds(3));
        silo.Lease.Renew(_time.GetTimestamp());
        silo.Registry[0].Gate.Expire();

        Assert.Equal(["Unknown"], await set);
    }

    public void Dispose() => _elsewhere.Dispose();

    // Values are as their keys. The answers are like "Success value".
    private static async Task<string[]> ExecuteAsync(TestSilo silo, CacheOperation operation, byte hops, params string[] keys)
    {
        var writer = new BatchWriter();
        foreach (string key in keys)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(key);
            writer.Add(new PackedOperation { Operation = operation, Key = bytes, Value = bytes });
        }

        WireBytes reply = await silo.Executor.ExecuteAsync(new WireBytes(writer.Complete(hops, viewVersion: 0)));
        return Answers(reply.Memory.Span);
    }

    private static string[] Answers(ReadOnlySpan<byte> reply)
    {
        var answers = new List<string>();
        var reader = new ReplyReader(reply);
        while (reader.TryRead(out PackedReply answer))
        {
            answers.Add($"{answer.Status} {Encoding.UTF8.GetString(answer.Value)}".TrimEnd());
        }

        return [.. answers];
    }

    // A silo of two that serves the first shard.
    private async Task<TestSilo> ServingAsync(bool hasGates = false, int shardCount = 1)
    {
        var silo = new TestSilo(_time, _other, hasGates: hasGates, shardCount: shardCount);
        await silo.SeeBothAsync();
        silo.Registry[0].OpenAlone();
        silo.Lease.Renew(_time.GetTimestamp());
        return silo;
    }
}
