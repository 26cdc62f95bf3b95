namespace Granary.Store.Entries;

/// <summary>How large a store is and how it is divided. Fixed when the store is made.</summary>
public sealed class StoreOptions
{
    /// <summary>Smallest budget: 8 MiB, memcached's, is 127 segments, of which a few are always open or in reserve.</summary>
    public const long SmallestMemoryLimitBytes = 8L << 20;

    /// <summary>Greatest budget: what 24 bits of segment number and segments of 1 MiB can address.</summary>
    public const long GreatestMemoryLimitBytes = 1L << 44;

    /// <summary>Greatest <see cref="MaxValueBytes"/>: 128 MiB.</summary>
    public const int GreatestMaxValueBytes = 128 << 20;

    /// <summary>
    /// One in so many operations is looked at for <see cref="CacheStore.GetHotKeys"/>: 1,000 operations/s are 150 of
    /// them in 10 s, and what one of them costs is shared by 64.
    /// </summary>
    public const int DefaultHotKeySamplePeriod = 64;

    /// <summary>Memory the store may take, index and headers included. Bytes. Default 1 GiB.</summary>
    public long MemoryLimitBytes { get; init; } = 1L << 30;

    /// <summary>Longest value. Bytes. Default 1 MiB, memcached's <c>-I</c>.</summary>
    public int MaxValueBytes { get; init; } = 1 << 20;

    /// <summary>Which entries leave when there is no room. Default <see cref="EvictionPolicy.Lru"/>.</summary>
    public EvictionPolicy Eviction { get; init; }

    /// <summary>Shards, 1 to 65,536. Default 256.</summary>
    public int ShardCount { get; init; } = 256;

    /// <summary>
    /// Seed of the index's hash. Random per silo, so that no one outside can choose keys that collide. Default: random.
    /// </summary>
    public long HashSeed { get; init; } = BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    /// <summary>Keys that are counted by themselves. At most <see cref="StoreNamespace.MaxCount"/>. Default: none.</summary>
    public IReadOnlyList<StoreNamespace> Namespaces { get; init; } = [];

    /// <summary>Segments that writers fill at the same time. Default 2 a core, at most 16.</summary>
    public int LaneCount { get; init; } = Math.Min(2 * Environment.ProcessorCount, 16);

    /// <summary>Mean distance of the operations that are looked at for hot keys. Operations. 1: every one.</summary>
    internal int HotKeySamplePeriod { get; init; } = DefaultHotKeySamplePeriod;

    /// <summary>Checks each bound.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        Check(
            MemoryLimitBytes is >= SmallestMemoryLimitBytes and <= GreatestMemoryLimitBytes,
            nameof(MemoryLimitBytes),
            MemoryLimitBytes,
            $"it must be {SmallestMemoryLimitBytes} to {GreatestMemoryLimitBytes}");
        Check(
            MaxValueBytes is >= 1024 and <= GreatestMaxValueBytes,
            nameof(MaxValueBytes),
            MaxValueBytes,
            $"it must be 1024 to {GreatestMaxValueBytes}");
        Check(
            MaxValueBytes <= MemoryLimitBytes / 2,
            nameof(MaxValueBytes),
            MaxValueBytes,
            $"it must be at most half of {nameof(MemoryLimitBytes)}, which is {MemoryLimitBytes}");
        Check(Enum.IsDefined(Eviction), nameof(Eviction), (long)Eviction, $"it must be one of {nameof(EvictionPolicy)}'s");
        Check(ShardCount is >= 1 and <= 65_536, nameof(ShardCount), ShardCount, "it must be 1 to 65536");
        Check(LaneCount is >= 1 and <= 64, nameof(LaneCount), LaneCount, "it must be 1 to 64");
        CheckNone(StoreNamespace.Fault(Namespaces), nameof(Namespaces));
    }

    private static void CheckNone(string? fault, string name)
    {
        if (fault is not null)
        {
            throw new ArgumentException(fault, name);
        }
    }

    private static void Check(bool holds, string name, long value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"StoreOptions.{name} is {value}; {rule}.", name);
        }
    }
}
