using Granary.Reports;
using Granary.Wire;

namespace Granary.Cache.Reports;

// A silo's own operations take microseconds, and reading the clock twice for each would be felt: one turn in sixteen is
// timed, and one wait for a replica in sixteen. What goes to another silo takes a hundred times as long; each of those is.

/// <summary>How long operations take, as this silo's callers see it. Thread-safe.</summary>
/// <param name="time">The clock.</param>
public sealed class OperationTimes(TimeProvider time)
{
    // About a hundred times what a forwarded operation takes.
    internal static readonly TimeSpan SlowFrom = TimeSpan.FromMilliseconds(100);

    private const uint TimedEvery = 16;
    private const int MaxSlow = 50;

    private readonly long[] _local = new long[LatencyBuckets.Count];
    private readonly long[] _forwarded = new long[LatencyBuckets.Count];
    private readonly long[] _replicated = new long[LatencyBuckets.Count];
    private readonly RecentList<SlowOperation> _slow = new(MaxSlow);

    /// <summary>Counts of what this silo executed itself, by <see cref="LatencyBuckets"/>.</summary>
    internal long[] Local => Read(_local);

    /// <summary>Counts of what other silos executed for it.</summary>
    internal long[] Forwarded => Read(_forwarded);

    /// <summary>Counts of how long changes waited for their replicas.</summary>
    internal long[] Replicated => Read(_replicated);

    /// <summary>The last operations that took long, the latest first.</summary>
    internal SlowOperation[] Slow => _slow.Read();

    /// <summary>A caller begins with what it has read.</summary>
    /// <param name="turns">The caller's own count. It may be shared by threads: then some are timed too often or too seldom.</param>
    /// <returns>For <see cref="End"/>; 0 for those that are not timed.</returns>
    public long Begin(ref uint turns) => turns++ % TimedEvery == 0 ? time.GetTimestamp() : 0;

    /// <summary>It has the answers, all from this silo.</summary>
    public void End(long began)
    {
        if (began != 0)
        {
            Count(_local, time.GetElapsedTime(began));
        }
    }

    /// <summary>Another silo's answer to an operation has come.</summary>
    /// <param name="duration">Since it was given to this silo.</param>
    internal void EndForwarded(TimeSpan duration) => Count(_forwarded, duration);

    /// <summary>A replica has a change, or it was waited for long enough.</summary>
    /// <param name="began">From <see cref="Begin"/>.</param>
    /// <param name="shard">The change's shard; a wait is for all changes of it, so it has no key.</param>
    internal void EndReplicated(long began, int shard)
    {
        TimeSpan duration = time.GetElapsedTime(began);
        Count(_replicated, duration);
        if (duration >= SlowFrom)
        {
            _slow.Add(new SlowOperation(time.GetUtcNow(), "Change", [], duration, $"waited for the replica of shard {shard}"));
        }
    }

    /// <summary>An operation took at least <see cref="SlowFrom"/>.</summary>
    /// <param name="duration">Since it was given to this silo.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="reason">What it waited for.</param>
    internal void AddSlow(TimeSpan duration, in PackedOperation operation, string reason) => _slow.Add(new SlowOperation(
        time.GetUtcNow(), $"{operation.Operation}", operation.Key.ToArray(), duration, reason));

    private static void Count(long[] counts, TimeSpan duration) =>
        Interlocked.Increment(ref counts[LatencyBuckets.IndexOf(duration)]);

    private static long[] Read(long[] counts) => [.. Enumerable.Range(0, counts.Length).Select(index => Volatile.Read(ref counts[index]))];
}
