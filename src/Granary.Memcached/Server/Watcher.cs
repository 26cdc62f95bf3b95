using System.Globalization;
using System.Text.Unicode;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Server;

/// <summary>
/// Lines on their way to one client that watches. Those for which there is no room are dropped, and how many they were is told
/// before the next one. Thread-safe; its lock is the innermost.
/// </summary>
/// <param name="events">What it is told of.</param>
/// <param name="resume">Called when there are lines again, with the lock in hand. Never calls back at once.</param>
internal sealed class Watcher(WatchedEvents events, Action resume)
{
    /// <summary>Bytes that wait at most. memcached's <c>watcher_logbuf_size</c>.</summary>
    public const int MaxBytes = 256 << 10;

    private const int MaxSkippedLength = 32; // "skipped=", a number and a line end

    private readonly Lock _lock = new();
    private readonly byte[] _ring = new byte[MaxBytes];
    private int _start;
    private int _length;
    private long _skipped;
    private bool _isWaiting;

    public WatchedEvents Events { get; } = events;

    /// <summary>Adds a line, or drops it. Waits for nobody.</summary>
    /// <returns><see langword="false"/> if it is dropped.</returns>
    public bool Tell(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_ring.Length - _length < line.Length + MaxSkippedLength)
            {
                _skipped++;
                return false;
            }

            if (_skipped > 0)
            {
                Span<byte> text = stackalloc byte[MaxSkippedLength];
                Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"skipped={_skipped}\n", out int length);
                Add_NeedsLock(text[..length]);
                _skipped = 0;
            }

            Add_NeedsLock(line);
            if (_isWaiting)
            {
                _isWaiting = false;
                resume();
            }

            return true;
        }
    }

    /// <summary>Takes lines that wait, as bytes: perhaps not whole ones.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="maxBytes">How much, at most.</param>
    /// <returns><see langword="false"/> if there are none: it resumes when there are.</returns>
    public bool TryTake(OutputBuffer output, int maxBytes)
    {
        lock (_lock)
        {
            _isWaiting = _length == 0;
            int taken = Math.Min(_length, maxBytes);
            int first = Math.Min(taken, _ring.Length - _start);
            output.Write(_ring.AsSpan(_start, first));
            output.Write(_ring.AsSpan(0, taken - first));
            _start = (_start + taken) % _ring.Length;
            _length -= taken;
            return taken > 0;
        }
    }

    private void Add_NeedsLock(ReadOnlySpan<byte> bytes)
    {
        int end = (_start + _length) % _ring.Length;
        int first = Math.Min(bytes.Length, _ring.Length - end);
        bytes[..first].CopyTo(_ring.AsSpan(end));
        bytes[first..].CopyTo(_ring);
        _length += bytes.Length;
    }
}
