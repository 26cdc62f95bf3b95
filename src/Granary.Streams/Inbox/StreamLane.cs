namespace Granary.Streams.Inbox;

/// <summary>The messages of one stream that this agent knows, and who reads them. One thread.</summary>
internal sealed class StreamLane(StreamId stream)
{
    private readonly List<HeldMessage> _messages = []; // by sequence; few: see PartitionInbox.Admits

    public StreamId Stream { get; } = stream;

    public IReadOnlyList<HeldMessage> Messages => _messages;

    public List<LaneReader> Readers { get; } = [];

    public ParkedOffsets Parked { get; } = new();

    /// <summary>Messages on their way into the park: later ones have to follow.</summary>
    public int ParkingCount { get; set; }

    /// <summary>The last message that somebody has had. A subscription that is new begins after it.</summary>
    public long Frontier { get; private set; }

    public long LengthBytes { get; private set; }

    public bool IsWaking { get; set; }

    public bool IsRecalling { get; set; }

    public bool IsProbing { get; set; }

    public bool IsEmpty => _messages.Count == 0 && Readers.Count == 0 && Parked.Count == 0 && ParkingCount == 0;

    public void Add(HeldMessage message)
    {
        _messages.Add(message);
        LengthBytes += message.LengthBytes;
    }

    /// <returns>False if it was not there.</returns>
    public bool Remove(HeldMessage message)
    {
        bool isThere = _messages.Remove(message);
        LengthBytes -= isThere ? message.LengthBytes : 0;
        return isThere;
    }

    /// <summary>The first message after one.</summary>
    public HeldMessage? After(long sequence)
    {
        foreach (HeldMessage message in _messages)
        {
            if (message.Sequence > sequence)
            {
                return message;
            }
        }

        return null;
    }

    /// <summary>A reader has passed a message.</summary>
    public void Pass(long sequence) => Frontier = Math.Max(Frontier, sequence);

    /// <summary>Takes out what all readers have passed; nothing while there is none.</summary>
    public IEnumerable<HeldMessage> TakePassed()
    {
        while (Readers.Count > 0
            && _messages.Count > 0
            && _messages[0] is { State: HeldState.Held, Wanted: null } // else it comes back, or goes
            && Readers.TrueForAll(reader => reader.Passed >= _messages[0].Sequence))
        {
            HeldMessage passed = _messages[0];
            Remove(passed);
            yield return passed;
        }
    }
}
