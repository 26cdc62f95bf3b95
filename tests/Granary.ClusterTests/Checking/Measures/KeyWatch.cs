namespace Granary.ClusterTests.Checking.Measures;

/// <summary>
/// How long a key could not be answered. A pause begins when an operation was due that got no answer, or a late one,
/// but not before the key's last answer; it ends with the next answer. A key whose operation failed is asked for until it
/// answers (<see cref="UnansweredKeys"/>), or the pause would last until somebody wants the key again. Thread-safe.
/// </summary>
/// <param name="name">What findings call the key.</param>
internal sealed class KeyWatch(string name)
{
    private readonly Lock _lock = new();
    private long _answered;
    private long _failedSince;

    public string Name => name;

    /// <summary>Whether an operation has failed and none has been answered since.</summary>
    public bool IsFailing
    {
        get
        {
            lock (_lock)
            {
                return _failedSince > 0;
            }
        }
    }

    /// <param name="due">When the operation was due.</param>
    /// <param name="end">When its answer was there.</param>
    /// <returns>The time stamp at which the pause began that has ended now.</returns>
    public long Answered(long due, long end)
    {
        lock (_lock)
        {
            long since = Math.Min(Math.Max(_failedSince > 0 ? Math.Min(_failedSince, due) : due, _answered), end);
            _answered = Math.Max(_answered, end);
            _failedSince = 0;
            return since;
        }
    }

    /// <param name="due">When the operation was due that failed.</param>
    /// <returns>Whether it is the first to fail since an answer.</returns>
    public bool Failed(long due)
    {
        lock (_lock)
        {
            bool isFirst = _failedSince == 0;
            _failedSince = isFirst ? due : Math.Min(_failedSince, due);
            return isFirst;
        }
    }
}
