namespace Granary.Cache.Reports;

/// <summary>The last so many of something. Thread-safe.</summary>
/// <param name="capacity">How many.</param>
internal sealed class RecentList<T>(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _items = new(capacity);

    public void Add(T item)
    {
        lock (_lock)
        {
            if (_items.Count == capacity)
            {
                _items.Dequeue();
            }

            _items.Enqueue(item);
        }
    }

    /// <summary>The latest first.</summary>
    public T[] Read()
    {
        lock (_lock)
        {
            return [.. _items.Reverse()];
        }
    }
}
