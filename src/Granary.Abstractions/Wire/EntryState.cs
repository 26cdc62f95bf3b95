namespace Granary.Wire;

/// <summary>What is told of an entry beside cas, flags and value, as it was before the operation.</summary>
[GenerateSerializer, Immutable, Alias("granary.EntryState")]
public readonly record struct EntryState
{
    /// <summary>Its marks, and what the operation has done to them.</summary>
    [Id(0)]
    public StateBits Bits { get; init; }

    /// <summary>Time until it expires, rounded up; -1 for never. Seconds.</summary>
    [Id(1)]
    public long SecondsLeft { get; init; }

    /// <summary>Time since it was used last, if that was asked for. Seconds.</summary>
    [Id(2)]
    public long SecondsUnused { get; init; }

    /// <summary>Length of the whole value; of a store as it is afterwards. Bytes.</summary>
    [Id(3)]
    public int ValueLength { get; init; }

    /// <summary>What it takes in memory. Bytes.</summary>
    [Id(4)]
    public int RecordBytes { get; init; }

    /// <summary>Whether a bit is set.</summary>
    public bool Has(StateBits bit) => (Bits & bit) != StateBits.None;
}
