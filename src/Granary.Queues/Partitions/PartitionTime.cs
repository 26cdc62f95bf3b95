namespace Granary.Queues.Partitions;

/// <summary>Now, by two clocks: UTC, in which due times and expirations are promised, and one of this process, by which leases run.</summary>
/// <param name="Utc">Unix milliseconds.</param>
/// <param name="Monotonic">Milliseconds since any fixed moment of this process.</param>
public readonly record struct PartitionTime(long Utc, long Monotonic)
{
    /// <summary>What the provider's two clocks say.</summary>
    public static PartitionTime Of(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new PartitionTime(
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            (long)time.GetElapsedTime(0).TotalMilliseconds);
    }
}
