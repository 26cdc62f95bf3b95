using System.Globalization;

namespace Granary.Silo.Settings;

/// <summary>The memory limit of the container that the process runs in, if there is one.</summary>
internal static class ContainerMemory
{
    // What .NET's heap, Orleans' buffers and the kernel's socket buffers may take beside the cache.
    public const double CacheShare = 0.6;
    private const long WithoutLimit = 1L << 30;

    // Of cgroup v1, which says "none" by a number that is larger than any machine.
    private const long MaxLimit = 1L << 44;

    // Of cgroup v2 and v1: a number, or "max".
    private static readonly string[] LimitFiles =
        ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    public static long DefaultCacheBytes() =>
        CacheBytesOf(Array.Find(LimitFiles, File.Exists) is { } file ? File.ReadAllText(file).Trim() : string.Empty);

    /// <summary>What the cache takes of a limit as the kernel writes it.</summary>
    public static long CacheBytesOf(string limit) =>
        long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes <= MaxLimit
            ? (long)(bytes * CacheShare)
            : WithoutLimit;
}
