using System.Threading.Tasks.Sources;
using Granary.Client.Routing;

namespace Granary.Client.Merging;

/// <summary>A change of one entry, whose caller wants the outcome in one of five shapes.</summary>
internal sealed class ChangeOperation
    : PendingOperation,
        IValueTaskSource,
        IValueTaskSource<bool>,
        IValueTaskSource<CompareAndSetResult>,
        IValueTaskSource<ulong?>,
        IValueTaskSource<ulong>
{
    private CacheKey _key;
    private OperationReply _reply;

    public ValueTask Done => new(this, Version);

    public ValueTask<bool> Succeeded => new(this, Version);

    public ValueTask<CompareAndSetResult> Compared => new(this, Version);

    public ValueTask<ulong?> Counted => new(this, Version);

    /// <summary>The entry's new cas; 0 if it was not changed.</summary>
    public ValueTask<ulong> NewCas => new(this, Version);

    public static ChangeOperation Start(
        Wire.CacheOperation kind, in CacheKey key, long deadline, CancellationToken cancellationToken)
    {
        ChangeOperation operation = OperationPool<ChangeOperation>.Rent();
        operation._key = key;
        operation.Begin(kind, 1, deadline, cancellationToken);
        return operation;
    }

    public override void Answer(int slot, in OperationReply reply) => _reply = reply;

    /// <summary>As <see cref="Done"/>; blocks the caller, who has said so.</summary>
    public void WaitDone(Deadlines deadlines) => ((IValueTaskSource)this).GetResult(Wait(deadlines));

    /// <summary>As <see cref="Succeeded"/>; blocks the caller, who has said so.</summary>
    public bool WaitSucceeded(Deadlines deadlines) => ((IValueTaskSource<bool>)this).GetResult(Wait(deadlines));

    void IValueTaskSource.GetResult(short token)
    {
        OperationReply reply = TakeReply(token, out CacheKey key);
        Outcome.Require(reply.Status, key);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        OperationReply reply = TakeReply(token, out CacheKey key);
        return Outcome.Succeeded(reply.Status, key);
    }

    CompareAndSetResult IValueTaskSource<CompareAndSetResult>.GetResult(short token)
    {
        OperationReply reply = TakeReply(token, out CacheKey key);
        return Outcome.Compared(reply.Status, key);
    }

    ulong? IValueTaskSource<ulong?>.GetResult(short token)
    {
        OperationReply reply = TakeReply(token, out CacheKey key);
        return Outcome.Succeeded(reply.Status, key) ? reply.Number : null;
    }

    ulong IValueTaskSource<ulong>.GetResult(short token)
    {
        OperationReply reply = TakeReply(token, out CacheKey key);
        return Outcome.Succeeded(reply.Status, key) ? reply.Cas : 0;
    }

    protected override void Return()
    {
        _key = default;
        _reply = default;
        OperationPool<ChangeOperation>.Return(this);
    }

    private OperationReply TakeReply(short token, out CacheKey key)
    {
        _ = GetStatus(token);
        try
        {
            key = _key;
            Take(token);
            return _reply;
        }
        finally
        {
            LetGo();
        }
    }
}
