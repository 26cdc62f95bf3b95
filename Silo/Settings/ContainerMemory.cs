using System.Globalization;

namespace Granary.Silo.Settings;

/// <summary>The memory limit of the container that the process runs in, if there is one.</summary>
internal static class ContainerMemory
{
    private const string LimitFile = "/sys/fs/cgroup/memory.max"; // cgroup v2: a number, or "max"

    // What .NET's heap, Orleans' buffers and the kernel's socket buffers may take beside the cache.
    private const double CacheShare = 0.6;
    private const long WithoutLimit = 1L << 30;

    public static long DefaultCacheBytes() =>
        File.Exists(LimitFile)
            && long.TryParse(File.ReadAllText(LimitFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? (long)(limit * CacheShare)
            : WithoutLimit;
}
