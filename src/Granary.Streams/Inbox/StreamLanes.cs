namespace Granary.Streams.Inbox;

/// <summary>The streams that an agent knows, and which of them somebody is to look at. One thread.</summary>
/// <param name="offered">Set when the agent is to be told something.</param>
/// <param name="changed">Set when a lane is to be looked at.</param>
internal sealed class StreamLanes(Signal offered, Signal changed)
{
    private readonly Dictionary<StreamId, StreamLane> _lanes = [];
    private readonly HashSet<StreamLane> _changed = [];
    private readonly Queue<StreamLane> _wakes = [];

    public int Count => _lanes.Count;

    public StreamLane Of(StreamId stream)
    {
        if (!_lanes.TryGetValue(stream, out StreamLane? lane))
        {
            _lanes.Add(stream, lane = new StreamLane(stream));
        }

        return lane;
    }

    /// <summary>The agent is to be told that something is there, or to ask who listens.</summary>
    public void Wake(StreamLane lane)
    {
        if (!lane.IsWaking)
        {
            lane.IsWaking = true;
            _wakes.Enqueue(lane);
            offered.Set();
        }
    }

    /// <summary>Something about it has changed.</summary>
    public void Look(StreamLane lane)
    {
        _changed.Add(lane);
        changed.Set();
    }

    public StreamLane[] TakeChanged()
    {
        StreamLane[] lanes = [.. _changed];
        _changed.Clear();
        return lanes;
    }

    public void DropIfEmpty(StreamLane lane)
    {
        if (lane.IsEmpty && _lanes.TryGetValue(lane.Stream, out StreamLane? known) && known == lane)
        {
            _lanes.Remove(lane.Stream);
        }
    }

    /// <summary>What the agent is to be told: new messages, or of a lane without any its first, or its name alone.</summary>
    /// <param name="lastSequence">Of all messages: what comes later comes after it.</param>
    public List<Offer> TakeOffers(long lastSequence)
    {
        List<Offer> offers = [];
        while (_wakes.TryDequeue(out StreamLane? lane))
        {
            lane.IsWaking = false;
            int before = offers.Count;
            offers.AddRange(lane.Messages.Where(one => !one.IsOffered).Select(one => new Offer(lane, one.Sequence, one)));
            if (offers.Count == before)
            {
                HeldMessage? first = lane.Messages.Count > 0 ? lane.Messages[0] : null;
                offers.Add(new Offer(lane, first?.Sequence ?? lastSequence, first));
            }
        }

        offered.Reset();
        return offers;
    }
}
