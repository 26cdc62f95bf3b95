namespace Granary.ClusterTests.Checking.Families;

/// <summary>What was asked for and acknowledged of one entry.</summary>
internal interface ILedger
{
    ReadOnlyMemory<byte> Key { get; }

    /// <summary>Whether the entry is given up: it was lost, or is full.</summary>
    bool IsOver { get; }
}
