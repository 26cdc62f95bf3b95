namespace Granary.Queues.Logs;

/// <summary>Names a partition.</summary>
/// <param name="Queue">Its queue.</param>
/// <param name="Index">0-based.</param>
public readonly record struct PartitionId(string Queue, int Index)
{
    /// <summary>Queue, slash, index.</summary>
    public override string ToString() => $"{Queue}/{Index}";
}
