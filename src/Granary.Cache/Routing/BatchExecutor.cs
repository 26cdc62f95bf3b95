using System.Collections.Concurrent;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Shards;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Executes packed batches: what it can on this silo, the rest by forwarding it. Thread-safe.</summary>
internal sealed class BatchExecutor(
    ShardRegistry registry,
    ClusterView view,
    CacheRouter router,
    ChangeWaits waits,
    ServingLease lease,
    OperationTimes times)
{
    private readonly ConcurrentBag<ReplyWriter> _writers = [];
    private uint _batches;

    /// <summary>Executes what is open here; everything else answers NotOwner.</summary>
    /// <exception cref="GranaryException">The batch is malformed.</exception>
    public ValueTask<WireBytes> ExecuteLocallyAsync(WireBytes batch)
    {
        bool isServing = lease.Check();
        ReplyWriter reply = Rent();
        var reader = new BatchReader(batch.Memory.Span);
        while (reader.TryRead(out PackedOperation operation))
        {
            if (!LocalOperations.TryExecute(registry.Store, operation, reply, reader.Remaining))
            {
                reply.Add(CacheStatus.NotOwner);
            }
        }

        return FinishAsync(batch, reply, reader.IsMalformed, isServing);
    }

    /// <summary>
    /// Executes a batch whole, unless another silo has forwarded it: operations that wait for their shards would hold up
    /// all others of the message, and those behind it.
    /// </summary>
    /// <exception cref="GranaryException">The batch is malformed.</exception>
    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) =>
        new BatchReader(batch.Memory.Span).Hops > 0 ? ExecuteLocallyAsync(batch) : ExecuteWholeAsync(batch);

    private ValueTask<WireBytes> ExecuteWholeAsync(WireBytes batch)
    {
        bool isServing = lease.Check();
        long began = times.Begin(ref _batches);
        ReplyWriter reply = Rent();
        List<int>? elsewhere = null;
        int position = 0;
        var reader = new BatchReader(batch.Memory.Span);
        for (; reader.TryRead(out PackedOperation operation); position++)
        {
            if (!LocalOperations.TryExecute(registry.Store, operation, reply, reader.Remaining))
            {
                (elsewhere ??= []).Add(position);
            }
        }

        if (elsewhere is not null && !reader.IsMalformed)
        {
            return ForwardAsync(batch, reply, elsewhere, isServing);
        }

        times.End(began);
        return FinishAsync(batch, reply, reader.IsMalformed, isServing);
    }

    private async ValueTask<WireBytes> ForwardAsync(
        WireBytes batch, ReplyWriter local, List<int> elsewhere, bool isServing)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var window = new RemoteWindow(elsewhere.Count, done.SetResult);
        if (!Submit(batch, elsewhere, window))
        {
            await done.Task;
        }

        return await FinishAsync(batch, Merge(local, elsewhere, window), isMalformed: false, isServing);
    }

    // Returns whether all are answered.
    private bool Submit(WireBytes batch, List<int> elsewhere, RemoteWindow window)
    {
        var reader = new BatchReader(batch.Memory.Span);
        int next = 0;
        for (int position = 0; reader.TryRead(out PackedOperation operation); position++)
        {
            if (next < elsewhere.Count && elsewhere[next] == position)
            {
                router.Submit(operation, window, mayDetour: false);
                next++;
            }
        }

        return window.Send();
    }

    // Puts the answers of both kinds into the order of the batch. Only reads can find the reply full.
    private static ReplyWriter Merge(ReplyWriter local, List<int> elsewhere, RemoteWindow window)
    {
        byte[] answers = local.ToArray(0);
        var reader = new ReplyReader(answers);
        int count = reader.Remaining + elsewhere.Count;
        local.Clear();
        int next = 0;
        for (int position = 0; position < count; position++)
        {
            int following = count - position - 1;
            if (next < elsewhere.Count && elsewhere[next] == position)
            {
                window[next++].AddTo(local, following);
            }
            else if (reader.TryRead(out PackedReply answer))
            {
                if (answer.Value.IsEmpty || local.Fits(answer.Value.Length, following))
                {
                    local.Add(answer, reader.Shape);
                }
                else
                {
                    local.Add(CacheStatus.Deferred);
                }
            }
        }

        return local;
    }

    // Where a shard has a replica, the answers to its changes wait until that has them.
    private async ValueTask<WireBytes> FinishAsync(WireBytes batch, ReplyWriter reply, bool isMalformed, bool wasServing)
    {
        if (waits.Needed(batch.Memory.Span) is { } changes)
        {
            await waits.WaitAsync(changes);
            waits.Amend(batch.Memory.Span, changes, reply);
        }

        lease.CheckStill(wasServing);
        return Finish(reply, isMalformed);
    }

    private ReplyWriter Rent() => _writers.TryTake(out ReplyWriter? writer) ? writer : new ReplyWriter();

    private WireBytes Finish(ReplyWriter reply, bool isMalformed)
    {
        byte[] payload = reply.ToArray(view.Current.Version);
        reply.Clear();
        _writers.Add(reply);
        if (isMalformed)
        {
            throw new GranaryException("The batch is malformed, or of another format; nothing after that was done.");
        }

        return new WireBytes(payload);
    }
}
