using System.Buffers;

namespace Granary.Memcached.Server;

/// <summary>
/// Bytes that one connection keeps between two turns: input that is not a whole command yet, or output that the client
/// has not taken. Empty it holds no memory; full it counts against the budget. One thread.
/// </summary>
internal sealed class HeldBytes(BufferBudget budget) : IDisposable
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start.._end);

    /// <summary>Room behind the held bytes, at least so long. Commit what was written with <see cref="Added"/>.</summary>
    /// <returns><see langword="false"/> if the budget does not allow it.</returns>
    public bool TryReserve(int length, out Memory<byte> room)
    {
        if (_buffer.Length - _end < length && !TryGrow(length))
        {
            room = default;
            return false;
        }

        room = _buffer.AsMemory(_end);
        return true;
    }

    public void Added(int length) => _end += length;

    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (!TryReserve(bytes.Length, out Memory<byte> room))
        {
            return false;
        }

        bytes.CopyTo(room.Span);
        _end += bytes.Length;
        return true;
    }

    /// <summary>Drops bytes from the front. The last ones give the memory back.</summary>
    public void Remove(int length)
    {
        _start += length;
        if (_start == _end)
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            budget.Return(_buffer.Length);
            _buffer = [];
        }

        _start = 0;
        _end = 0;
    }

    private bool TryGrow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Length + length);
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        int held = Length;
        Span.CopyTo(larger);
        Dispose();
        _buffer = larger;
        _end = held;
        return true;
    }
}
