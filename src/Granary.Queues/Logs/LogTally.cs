using System.Diagnostics.Metrics;

namespace Granary.Queues.Logs;

/// <summary>What became of a silo's commits, and how long they took. Thread-safe.</summary>
internal sealed class LogTally
{
    private readonly long[] _commits = new long[Outcomes.Length];

    /// <summary>All there are, in the order of their values.</summary>
    public static CommitOutcome[] Outcomes { get; } = Enum.GetValues<CommitOutcome>();

    /// <summary>Gets the time of each commit that was written. Seconds.</summary>
    public Histogram<double>? Durations { get; set; }

    public long Count(CommitOutcome outcome) => Volatile.Read(ref _commits[(int)outcome]);

    public void Add(CommitOutcome outcome, TimeSpan duration)
    {
        Interlocked.Increment(ref _commits[(int)outcome]);
        if (outcome == CommitOutcome.Committed)
        {
            Durations?.Record(duration.TotalSeconds);
        }
    }
}
