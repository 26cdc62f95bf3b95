using System.Threading.Tasks.Sources;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>A read of one entry's bytes, to be kept.</summary>
internal sealed class WatchedOperation : PendingOperation, IValueTaskSource<WatchedValue>
{
    private OperationReply _reply;

    public ValueTask<WatchedValue> Task => new(this, Version);

    public static WatchedOperation Start(long deadline, CancellationToken cancellationToken)
    {
        WatchedOperation operation = OperationPool<WatchedOperation>.Rent();
        operation.Begin(CacheOperation.Get, 1, deadline, cancellationToken);
        return operation;
    }

    public override void Answer(int slot, in OperationReply reply) => _reply = reply;

    public WatchedValue GetResult(short token)
    {
        _ = GetStatus(token); // throws on a second await, which must not let go
        try
        {
            Take(token);
            return Outcome.IsHit(_reply.Status)
                ? new WatchedValue
                {
                    IsHit = true,
                    Bytes = _reply.Value.ToArray(), // of its own: the message's would keep all that came with it
                    Flags = _reply.Flags,
                    Cas = _reply.Cas,
                    MayBeKept = _reply.IsWatched,
                    Lifetime = LifetimeOf(_reply),
                    Tags = _reply.Tags ?? [],
                }
                : default;
        }
        finally
        {
            LetGo();
        }
    }

    protected override void Return()
    {
        _reply = default;
        OperationPool<WatchedOperation>.Return(this);
    }

    private static TimeSpan? LifetimeOf(in OperationReply reply) => reply is { IsWatched: true, Number: > 0 }
        ? TimeSpan.FromMilliseconds(Math.Min(reply.Number, (ulong)TimeSpan.MaxValue.TotalMilliseconds / 2))
        : null;
}
