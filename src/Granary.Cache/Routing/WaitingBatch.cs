using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Operations that leave in one message.</summary>
internal sealed class WaitingBatch
{
    public BatchWriter Writer { get; } = new();

    public List<WaitingOperation> Operations { get; } = [];

    /// <summary>The most silos that have forwarded one of them.</summary>
    public int Hops { get; private set; }

    public void Add(in PackedOperation operation, in WaitingOperation waiting, int hops)
    {
        Writer.Add(operation);
        Operations.Add(waiting);
        Hops = Math.Max(Hops, hops);
    }

    public void Clear()
    {
        Writer.Clear();
        Operations.Clear();
        Hops = 0;
    }
}
