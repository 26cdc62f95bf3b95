namespace Granary.Wire;

/// <summary>
/// Bounds of what travels in one Orleans message. A body over Orleans' own limit (100 MiB) would tear down the whole
/// connection between two silos, and a large one blocks everything behind it, so ours stay near 1 MiB.
/// </summary>
public static class WireLimits
{
    /// <summary>Greatest length of a packed batch or its reply. Bytes. 1 MiB less room for Orleans' framing.</summary>
    public const int MaxBatchBytes = (1 << 20) - 4096;

    /// <summary>Values longer than this travel by pages, not in batches. Bytes.</summary>
    public const int MaxInlineValueBytes = 64 << 10;

    /// <summary>Length of every page of a paged value but the last. Bytes.</summary>
    public const int PageBytes = 512 << 10;

    /// <summary>Longest key. Bytes; the shortest is 1.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>Most operations in one batch, so that a reply without values always fits.</summary>
    public const int MaxBatchOperations = 16 << 10;
}
