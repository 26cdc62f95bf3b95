namespace Granary.Queues.Doors;

/// <summary>Receives that wait for a message at this silo's doors, by queue or subscription. Thread-safe.</summary>
internal sealed class WaitingReceivers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal); // without zeros

    public void Add(string queue, int change)
    {
        lock (_lock)
        {
            int count = _counts.GetValueOrDefault(queue) + change;
            if (count == 0)
            {
                _counts.Remove(queue);
            }
            else
            {
                _counts[queue] = count;
            }
        }
    }

    /// <summary>Those of now. Where nobody waits there is no entry.</summary>
    public Dictionary<string, int> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, int>(_counts, StringComparer.Ordinal);
        }
    }
}
