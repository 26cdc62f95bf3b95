using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Operations that leave in one message.</summary>
internal sealed class WaitingBatch
{
    public BatchWriter Writer { get; } = new();

    public List<WaitingOperation> Operations { get; } = [];

    /// <summary>The <see cref="PackedOperation.Level"/> of the operation added last.</summary>
    public int Level { get; private set; }

    public void Add(in PackedOperation operation, in WaitingOperation waiting)
    {
        Writer.Add(operation);
        Operations.Add(waiting);
        Level = operation.Level;
    }

    /// <summary>The message. What it is sent to executes it, and forwards nothing.</summary>
    public ReadOnlyMemory<byte> Complete(long viewVersion) => Writer.Complete(hops: 1, viewVersion);

    public void Clear()
    {
        Writer.Clear();
        Operations.Clear();
        Level = 0;
    }
}
