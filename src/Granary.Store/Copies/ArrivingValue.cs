using Granary.Store.Entries;

namespace Granary.Store.Copies;

/// <summary>A value that comes in parts: what is known of its entry, and the parts that are here. One thread.</summary>
/// <param name="info">The entry.</param>
/// <param name="window">How reads put its expiry off.</param>
/// <param name="isChange">Whether it was changed while the feed was open.</param>
/// <param name="age">Bytes of the sender's log since its last use.</param>
/// <param name="staged">Where the parts go; <see langword="null"/> if it is not wanted, and they are only counted.</param>
internal sealed class ArrivingValue(
    in EntryInfo info, in SlidingWindow window, bool isChange, long age, StagedValue? staged) : IDisposable
{
    private StagedValue? _staged = staged;

    public EntryInfo Info { get; } = info;

    public SlidingWindow Window { get; } = window;

    public bool IsChange { get; } = isChange;

    public long Age { get; } = age;

    /// <summary>Bytes that have come.</summary>
    public int Received { get; private set; }

    /// <summary>The value, as long as there was room for it.</summary>
    public StagedValue? Staged => _staged;

    /// <summary>Adds the next part; without room for it gives the memory of the others back.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        Received += part.Length;
        if (_staged is not null && !_staged.TryWrite(part))
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _staged?.Dispose();
        _staged = null;
    }
}
