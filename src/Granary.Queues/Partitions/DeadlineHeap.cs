namespace Granary.Queues.Partitions;

/// <summary>
/// Entries by deadline, the earliest on top. Each knows its place, so one that is settled early leaves at once: a heap
/// that forgets lazily would keep 30 seconds of completed messages.
/// </summary>
internal sealed class DeadlineHeap
{
    private readonly List<MessageEntry> _entries = [];

    public bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MessageEntry? first)
    {
        first = _entries.Count > 0 ? _entries[0] : null;
        return first is not null;
    }

    public IReadOnlyList<MessageEntry> All => _entries;

    public void Add(MessageEntry entry)
    {
        _entries.Add(entry);
        entry.HeapIndex = _entries.Count - 1;
        Up(entry.HeapIndex);
    }

    public void Remove(MessageEntry entry)
    {
        int index = entry.HeapIndex;
        MessageEntry last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        entry.HeapIndex = -1;
        if (last != entry)
        {
            Place(last, index);
            Up(index);
            Down(last.HeapIndex);
        }
    }

    private void Up(int index)
    {
        MessageEntry entry = _entries[index];
        for (int parent = (index - 1) / 2; index > 0 && Before(entry, _entries[parent]); parent = (index - 1) / 2)
        {
            Place(_entries[parent], index);
            index = parent;
        }

        Place(entry, index);
    }

    private void Down(int index)
    {
        MessageEntry entry = _entries[index];
        for (int child = (2 * index) + 1; child < _entries.Count; child = (2 * index) + 1)
        {
            if (child + 1 < _entries.Count && Before(_entries[child + 1], _entries[child]))
            {
                child++;
            }

            if (!Before(_entries[child], entry))
            {
                break;
            }

            Place(_entries[child], index);
            index = child;
        }

        Place(entry, index);
    }

    private void Place(MessageEntry entry, int index)
    {
        _entries[index] = entry;
        entry.HeapIndex = index;
    }

    private static bool Before(MessageEntry one, MessageEntry other) =>
        one.Deadline != other.Deadline ? one.Deadline < other.Deadline : one.Offset < other.Offset;
}
