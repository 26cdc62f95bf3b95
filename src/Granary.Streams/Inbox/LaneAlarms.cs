namespace Granary.Streams.Inbox;

/// <summary>What is due by the clock, for each lane. One thread.</summary>
internal sealed class LaneAlarms(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private readonly PriorityQueue<StreamLane, TimeSpan> _wakes = new();
    private readonly PriorityQueue<StreamLane, TimeSpan> _probes = new();

    /// <summary>Since this was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_began);

    public TimeSpan NextAt
    {
        get
        {
            TimeSpan next = _wakes.TryPeek(out _, out TimeSpan wake) ? wake : TimeSpan.MaxValue;
            return _probes.TryPeek(out _, out TimeSpan probe) && probe < next ? probe : next;
        }
    }

    /// <summary>A message that failed is to be offered again.</summary>
    public void WakeAt(StreamLane lane, TimeSpan at) => _wakes.Enqueue(lane, at);

    /// <summary>Somebody may listen by then. A lane has one such time.</summary>
    public void ProbeAt(StreamLane lane, TimeSpan at)
    {
        if (!lane.IsProbing)
        {
            lane.IsProbing = true;
            _probes.Enqueue(lane, at);
        }
    }

    public StreamLane? TakeWake() => TakeDue(_wakes);

    public StreamLane? TakeProbe()
    {
        StreamLane? due = TakeDue(_probes);
        due?.IsProbing = false;
        return due;
    }

    private StreamLane? TakeDue(PriorityQueue<StreamLane, TimeSpan> queue) =>
        queue.TryPeek(out _, out TimeSpan at) && at <= Now ? queue.Dequeue() : null;
}
