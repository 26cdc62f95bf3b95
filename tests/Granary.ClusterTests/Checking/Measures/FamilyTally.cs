using Granary.ClusterTests.Checking.Callers;

namespace Granary.ClusterTests.Checking.Measures;

/// <summary>What is counted for one family of keys. Thread-safe.</summary>
internal sealed class FamilyTally(string name, RunClock clock)
{
    public static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    private const int MostFindings = 10; // of each kind: enough to see what happened
    private const int MostLostKeys = 1_000_000;

    private readonly Lock _lock = new();
    private readonly long[] _anomalies = new long[Enum.GetValues<Anomaly>().Length];
    private readonly int[] _reported = new int[Enum.GetValues<Anomaly>().Length];
    private readonly List<Finding> _findings = [];
    private readonly List<byte[]> _lostKeys = [];
    private long _operations;
    private long _acknowledged;
    private long _unknown;

    public string Name => name;

    /// <summary>Entries of the family at one time.</summary>
    public long Keys { get; set; }

    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Changes that the cluster said it had made.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Changes whose outcome is unknown.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    public TimeSpan MaxPause { get; private set; }

    /// <summary>The key of <see cref="MaxPause"/>, and when it began; empty where there was none.</summary>
    public string MaxPauseDescription { get; private set; } = string.Empty;

    /// <summary>Pauses longer than <see cref="LongPause"/>.</summary>
    public long LongPauses { get; private set; }

    /// <summary>The entries that were lost, each time they were.</summary>
    public IReadOnlyList<byte[]> LostKeys => _lostKeys;

    public IReadOnlyList<Finding> Findings => _findings;

    public long this[Anomaly anomaly] => _anomalies[(int)anomaly];

    public void CountOperation(OperationKind kind, Answer answer)
    {
        Interlocked.Increment(ref _operations);
        if (kind == OperationKind.Get)
        {
            return;
        }

        if (answer == Answer.Done)
        {
            Interlocked.Increment(ref _acknowledged);
        }
        else if (answer == Answer.Unknown)
        {
            Interlocked.Increment(ref _unknown);
        }
    }

    /// <param name="watch">Of the key.</param>
    /// <param name="since">Time stamp of the beginning.</param>
    /// <param name="end">Time stamp of the end.</param>
    public void CountPause(KeyWatch watch, long since, long end)
    {
        TimeSpan pause = clock.Between(since, end);
        if (pause <= MaxPause && pause <= LongPause)
        {
            return;
        }

        lock (_lock)
        {
            LongPauses += pause > LongPause ? 1 : 0;
            if (pause > MaxPause)
            {
                MaxPause = pause;
                MaxPauseDescription = FormattableString.Invariant(
                    $"{watch.Name} at {clock.At(since).TotalSeconds:F3} s");
            }
        }
    }

    /// <param name="key">The lost entry.</param>
    /// <param name="count">Acknowledged changes that went with it.</param>
    /// <param name="description">What was expected and what was there.</param>
    public void AddLost(ReadOnlyMemory<byte> key, long count, string description)
    {
        lock (_lock)
        {
            if (_lostKeys.Count < MostLostKeys)
            {
                _lostKeys.Add(key.ToArray());
            }
        }

        Add(Anomaly.Lost, key, description, count);
    }

    public void Add(Anomaly anomaly, ReadOnlyMemory<byte> key, string description, long count = 1)
    {
        lock (_lock)
        {
            _anomalies[(int)anomaly] += count;
            if (_reported[(int)anomaly]++ < MostFindings)
            {
                string text = System.Text.Encoding.ASCII.GetString(key.Span);
                _findings.Add(new Finding(clock.Elapsed, name, anomaly, text, description));
            }
        }
    }
}
