using Granary.Wire;

namespace Granary.Cache.Routing;

// All callers' operations for one target, in order. One message is in flight; what comes meanwhile leaves together when
// it is answered. So the busier a link is the larger its messages are, with no timer and no waiting when it is idle.
//
// A silo of an older build refuses a message with an operation that it does not know. So operations with options, and those
// with tags, do not travel with others before the target has answered a message of them; the target of a detour changes, and
// they never do.

/// <summary>The way to one target: a peer silo's batch end point, or a shard's grain. Thread-safe.</summary>
/// <param name="target">Sends a batch and brings its reply.</param>
/// <param name="name">For the log.</param>
/// <param name="router">Takes what the target does not own, and what failed.</param>
/// <param name="way">Cancelled when what was sent is lost or late, and the next message would go another way.</param>
/// <param name="isGone">Whether the target is dead.</param>
/// <param name="isDetour">Whether the target is a shard's grain.</param>
internal sealed class OperationLink(
    Func<WireBytes, ValueTask<WireBytes>> target,
    string name,
    CacheRouter router,
    Func<CancellationToken> way,
    Func<bool> isGone,
    bool isDetour)
{
    // What waits for one target; past this the answer is "no room".
    private const int MaxWaitingBatches = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<WaitingBatch> _waiting = new();
    private WaitingBatch? _spare;
    private bool _isSending;
    private int _knownLevel;

    /// <summary>Whether nothing waits and nothing is in flight.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return !_isSending && _waiting.Count == 0;
            }
        }
    }

    /// <summary>Adds an operation behind all others.</summary>
    /// <returns><see langword="false"/> if too much is waiting.</returns>
    public bool TrySubmit(in PackedOperation operation, in WaitingOperation waiting)
    {
        lock (_lock)
        {
            WaitingBatch? batch = _waiting.Last?.Value;
            if (batch is null
                || !batch.Writer.Fits(operation)
                || (batch.Level != operation.Level && Math.Max(batch.Level, operation.Level) > _knownLevel))
            {
                if (_waiting.Count == MaxWaitingBatches)
                {
                    return false;
                }

                batch = TakeSpare_NeedsLock();
                _waiting.AddLast(batch);
            }

            batch.Add(operation, waiting);
            return true;
        }
    }

    /// <summary>Sends what is waiting, unless a message is in flight: then it leaves next.</summary>
    public void Send()
    {
        lock (_lock)
        {
            if (_isSending || _waiting.Count == 0)
            {
                return;
            }

            _isSending = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static link => _ = link.RunAsync(), this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        while (TryTake(out WaitingBatch? batch))
        {
            bool isOwner = await SendAsync(batch);
            if (isDetour && !isOwner)
            {
                await router.WaitBeforeRetryAsync();
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WaitingBatch? batch)
    {
        lock (_lock)
        {
            batch = _waiting.First?.Value;
            if (batch is null)
            {
                _isSending = false;
                return false;
            }

            _waiting.RemoveFirst();
            return true;
        }
    }

    // Returns whether the target owned what it was asked for.
    private async ValueTask<bool> SendAsync(WaitingBatch batch)
    {
        // Orleans breaks what is under way when a silo is declared dead, but uses an open connection to it for another
        // 10 s: a silo that is stopped or cut off would keep what is sent then until the response timeout.
        if (isGone())
        {
            Fail(batch, isRejected: true);
            return false;
        }

        router.Sends(batch.Operations.Count);
        CancellationToken lost = way();
        WireBytes reply;
        try
        {
            ValueTask<WireBytes> answer = target(new WireBytes(batch.Complete(router.ViewVersion)));
            reply = lost.CanBeCanceled ? await answer.AsTask().WaitAsync(lost) : await answer;
        }
        catch (Exception exception) // the edge: whatever it was, each caller gets an answer
        {
            router.BatchFailed(name, exception);
            // Orleans says SiloUnavailable also of a message that was under way when its silo died.
            Fail(
                batch,
                isRejected: exception is OrleansMessageRejectionException and not SiloUnavailableException,
                hasOtherWay: lost.IsCancellationRequested);
            return false;
        }

        bool isOwner = Distribute(batch, reply.Memory.Span);
        lock (_lock)
        {
            _knownLevel = isDetour ? 0 : Math.Max(_knownLevel, batch.Level);
            batch.Clear();
            _spare ??= batch;
        }

        return isOwner;
    }

    private bool Distribute(WaitingBatch batch, ReadOnlySpan<byte> reply)
    {
        var operations = new BatchReader(batch.Complete(viewVersion: 0).Span);
        var answers = new ReplyReader(reply);
        WaitingBatch? again = null;
        bool isOwner = true;
        long now = router.Now;
        foreach (WaitingOperation waiting in batch.Operations)
        {
            operations.TryRead(out PackedOperation operation);
            if (!answers.TryRead(out PackedReply answer))
            {
                router.Answered(operation, waiting, default, now, name);
                waiting.Window.Answer(waiting.Index, CacheStatus.Unknown);
            }
            else if (answer.Status == CacheStatus.NotOwner && !router.IsOver(waiting.Deadline))
            {
                isOwner = false;
                if (isDetour)
                {
                    (again ??= new WaitingBatch()).Add(operation, waiting);
                }
                else
                {
                    router.NotFound(operation, waiting);
                }
            }
            else if (answer.Status == CacheStatus.Deferred)
            {
                (again ??= new WaitingBatch()).Add(operation, waiting);
            }
            else
            {
                router.Answered(operation, waiting, answer, now, name);
                waiting.Window.Answer(waiting.Index, answer, answers.Shape);
            }
        }

        PutFirst(again);
        return isOwner;
    }

    // A rejected batch was not applied. Of another that failed nobody knows: reads are asked again, the rest says so.
    private void Fail(WaitingBatch batch, bool isRejected, bool hasOtherWay = false)
    {
        var operations = new BatchReader(batch.Complete(viewVersion: 0).Span);
        WaitingBatch? again = null;
        foreach (WaitingOperation waiting in batch.Operations)
        {
            operations.TryRead(out PackedOperation operation);
            bool isRead = operation.IsRead;
            if (!isRejected && !isRead)
            {
                router.Answered(operation, waiting, default, router.Now, name);
                waiting.Window.Answer(waiting.Index, CacheStatus.Unknown);
            }
            else if (router.IsOver(waiting.Deadline))
            {
                router.Answered(operation, waiting, default, router.Now, name);
                waiting.Window.Answer(waiting.Index, CacheStatus.NotOwner);
            }
            else if (isDetour || hasOtherWay)
            {
                (again ??= new WaitingBatch()).Add(operation, waiting);
            }
            else
            {
                router.NotFound(operation, waiting);
            }
        }

        PutFirst(again);
    }

    private void PutFirst(WaitingBatch? batch)
    {
        if (batch is not null)
        {
            lock (_lock)
            {
                _waiting.AddFirst(batch);
            }
        }
    }

    private WaitingBatch TakeSpare_NeedsLock()
    {
        WaitingBatch batch = _spare ?? new WaitingBatch();
        _spare = null;
        return batch;
    }
}
