using System.Threading.Tasks.Sources;
using Granary.Client.Values;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>A read of one entry. The value is decoded by the caller, not by the link.</summary>
internal sealed class EntryOperation<T> : PendingOperation, IValueTaskSource<CacheEntry<T>>
{
    private EntryCodec? _codec;
    private OperationReply _reply;

    public ValueTask<CacheEntry<T>> Task => new(this, Version);

    public static EntryOperation<T> Start(
        EntryCodec codec, CacheOperation kind, long deadline, CancellationToken cancellationToken)
    {
        EntryOperation<T> operation = OperationPool<EntryOperation<T>>.Rent();
        operation._codec = codec;
        operation.Begin(kind, 1, deadline, cancellationToken);
        return operation;
    }

    public override void Answer(int slot, in OperationReply reply) => _reply = reply;

    public CacheEntry<T> GetResult(short token)
    {
        _ = GetStatus(token); // throws on a second await, which must not let go
        try
        {
            Take(token);
            return Decode(_codec!, _reply);
        }
        finally
        {
            LetGo();
        }
    }

    internal static CacheEntry<T> Decode(EntryCodec codec, in OperationReply reply) => Outcome.IsHit(reply.Status)
        ? codec.Decode<T>(reply.Value, reply.Flags, reply.Cas)
        : default;

    protected override void Return()
    {
        _codec = null;
        _reply = default;
        OperationPool<EntryOperation<T>>.Return(this);
    }
}
