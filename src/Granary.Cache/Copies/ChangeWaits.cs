using Granary.Cache.Reports;
using Granary.Cache.Shards;
using Granary.Wire;

namespace Granary.Cache.Copies;

/// <summary>Waits for replicas on behalf of those who have changed shards of this silo. Thread-safe.</summary>
/// <param name="registry">The silo's shards.</param>
/// <param name="wake">Sends what is to go to replicas at once.</param>
/// <param name="times">Where the waits are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class ChangeWaits(ShardRegistry registry, Action wake, OperationTimes times, TimeProvider time)
{
    // Below the 5 s that callers wait for a batch.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private uint _turns;

    /// <summary>Whether changes of a shard have to wait.</summary>
    public bool HasToWait(int shard) => registry[shard].Gate.HasToWait;

    /// <summary>Waits until the replicas have every change of a shard so far.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="answer">Called once, by any thread, perhaps at once: whether the changes are safe.</param>
    public void Wait(int shard, Action<bool> answer)
    {
        long deadline = time.GetTimestamp() + (long)(Patience.TotalSeconds * time.TimestampFrequency);
        long began = times.Begin(ref _turns);
        registry[shard].Gate.Wait(registry.Store.ChangesOf(shard), deadline, began == 0 ? answer : isSafe =>
        {
            times.EndReplicated(began, shard);
            answer(isSafe);
        });
        wake();
    }

    /// <summary>The shards that a batch has changed here and that have to wait.</summary>
    /// <returns><see langword="null"/> if there is none.</returns>
    public Dictionary<int, bool>? Needed(ReadOnlySpan<byte> batch)
    {
        if (!registry.HasGates)
        {
            return null;
        }

        Dictionary<int, bool>? shards = null;
        var reader = new BatchReader(batch);
        while (reader.TryRead(out PackedOperation operation))
        {
            int shard = ShardHash.ShardOf(operation.Key, registry.ShardCount);
            if (!operation.IsRead && HasToWait(shard))
            {
                (shards ??= [])[shard] = false;
            }
        }

        return shards;
    }

    /// <summary>Waits for the shards of a batch.</summary>
    /// <param name="shards">From <see cref="Needed"/>; afterwards each says whether its changes are safe.</param>
    public async Task WaitAsync(Dictionary<int, bool> shards)
    {
        var waits = new List<(int Shard, TaskCompletionSource<bool> Done)>(shards.Count);
        foreach (int shard in shards.Keys)
        {
            var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waits.Add((shard, done));
            Wait(shard, done.SetResult);
        }

        foreach ((int shard, TaskCompletionSource<bool> done) in waits)
        {
            shards[shard] = await done.Task;
        }
    }

    /// <summary>Answers "unknown" to the changes of shards that are not known to be safe.</summary>
    public void Amend(ReadOnlySpan<byte> batch, Dictionary<int, bool> shards, ReplyWriter reply)
    {
        if (!shards.ContainsValue(false))
        {
            return;
        }

        var operations = new BatchReader(batch);
        var answers = new ReplyReader(reply.ToArray(0));
        reply.Clear();
        while (operations.TryRead(out PackedOperation operation) && answers.TryRead(out PackedReply answer))
        {
            int shard = ShardHash.ShardOf(operation.Key, registry.ShardCount);
            if (!operation.IsRead
                && answer.Status == CacheStatus.Success
                && shards.GetValueOrDefault(shard, defaultValue: true) is false)
            {
                reply.Add(CacheStatus.Unknown);
            }
            else
            {
                reply.Add(answer, answers.Shape);
            }
        }
    }
}
