using System.Buffers;
using System.Threading.Tasks.Sources;
using Granary.Client.Values;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>A read of one entry whose value goes into the caller's buffer. By the caller, not by the link.</summary>
internal sealed class BufferOperation : PendingOperation, IValueTaskSource<bool>
{
    private IBufferWriter<byte>? _destination;
    private OperationReply _reply;

    /// <summary>Whether it is a hit.</summary>
    public ValueTask<bool> Task => new(this, Version);

    public override bool WantsValue => _destination is not null;

    /// <param name="destination">Where to; <see langword="null"/> if the value is not wanted.</param>
    /// <param name="deadline">When it fails.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    public static BufferOperation Start(
        IBufferWriter<byte>? destination, long deadline, CancellationToken cancellationToken)
    {
        BufferOperation operation = OperationPool<BufferOperation>.Rent();
        operation._destination = destination;
        operation.Begin(CacheOperation.Get, 1, deadline, cancellationToken);
        return operation;
    }

    public override void Answer(int slot, in OperationReply reply) => _reply = reply;

    public bool GetResult(short token)
    {
        _ = GetStatus(token); // throws on a second await, which must not let go
        try
        {
            Take(token);
            if (!Outcome.IsHit(_reply.Status))
            {
                return false;
            }

            if (_destination is { } destination)
            {
                EntryCodec.CopyTo(destination, _reply.Value, _reply.Flags);
            }

            return true;
        }
        finally
        {
            LetGo();
        }
    }

    protected override void Return()
    {
        _destination = null;
        _reply = default;
        OperationPool<BufferOperation>.Return(this);
    }
}
