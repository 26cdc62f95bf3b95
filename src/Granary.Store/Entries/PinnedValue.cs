using Granary.Store.Memory;

namespace Granary.Store.Entries;

/// <summary>
/// A long value held for reading: it is not copied on a hit, and it stays as it is while others replace or delete the
/// entry. Dispose of it soon, because its memory counts against the budget. One thread at a time.
/// </summary>
public sealed class PinnedValue : IDisposable
{
    private readonly SegmentPool _pool;
    private readonly int _firstSegment;
    private readonly int _start;
    private bool _disposed;

    internal PinnedValue(SegmentPool pool, int firstSegment, int start, int length)
    {
        _pool = pool;
        _firstSegment = firstSegment;
        _start = start;
        Length = length;
        _pool.Pin(firstSegment);
    }

    /// <summary>Length of the value. Bytes.</summary>
    public int Length { get; }

    /// <summary>Copies the part of the value that begins at <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not within the value.</exception>
    public void CopyTo(int offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - offset, nameof(destination));
        _pool.CopyFromChain(_firstSegment, _start + offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _pool.Unpin(_firstSegment);
        }
    }
}
