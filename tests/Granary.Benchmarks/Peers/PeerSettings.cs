namespace Granary.Benchmarks.Peers;

/// <summary>What every server of one run gets alike.</summary>
internal sealed record PeerSettings
{
    /// <summary>For the data. Mebibytes.</summary>
    public required int MemoryMebibytes { get; init; }

    /// <summary>The longest value that is stored; <see langword="null"/> for each server's own default. Bytes.</summary>
    public int? MaxItemBytes { get; init; }

    /// <summary>Network threads; <see langword="null"/> leaves it at the server's own default.</summary>
    public int? Threads { get; init; }

    /// <summary>The core the whole process is pinned to; <see langword="null"/> leaves it free.</summary>
    public int? Cpu { get; init; }
}
