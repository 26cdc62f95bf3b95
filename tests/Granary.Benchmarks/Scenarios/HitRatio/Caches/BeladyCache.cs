namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>
/// Belady's MIN: what is used again last leaves, or is not stored at all. With objects of one size nothing hits more.
/// </summary>
/// <param name="budget">What all entries may be charged together.</param>
/// <param name="overheadBytes">Charged for an entry beside its length.</param>
internal sealed class BeladyCache(long budget, int overheadBytes) : IReplayedCache
{
    private readonly Dictionary<int, TraceRequest> _entries = [];

    // An entry that was used since it was queued is in it again, further up; the old one is found to be outdated.
    private readonly PriorityQueue<TraceRequest, int> _farthestFirst =
        new(Comparer<int>.Create(static (left, right) => right.CompareTo(left)));

    private long _used;
    private long _hits;
    private long _requests;

    public double HitPercent => 100.0 * _hits / _requests;

    public void Request(in TraceRequest request)
    {
        _requests++;
        if (_entries.ContainsKey(request.Key))
        {
            _hits++;
        }
        else
        {
            _used += request.LengthBytes + overheadBytes;
        }

        _entries[request.Key] = request;
        _farthestFirst.Enqueue(request, request.Next);
        while (_used > budget)
        {
            TraceRequest farthest = _farthestFirst.Dequeue();
            if (_entries.TryGetValue(farthest.Key, out TraceRequest entry) && entry == farthest)
            {
                _entries.Remove(farthest.Key);
                _used -= farthest.LengthBytes + overheadBytes;
            }
        }
    }

    public ValueTask DisposeAsync() => default;
}
