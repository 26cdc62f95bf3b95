using System.Diagnostics;

namespace Granary.Store.Memory;

/// <summary>
/// The segments that nobody uses, and how many there may be. Those that hold memory are taken first, those whose memory was
/// given back next, and those that never were used last, so that no more is held than allowed. Under the pool's lock; the
/// counts are read by any thread.
/// </summary>
internal sealed unsafe class FreeSegments
{
    private readonly Segment* _segments;
    private readonly int _capacity;
    private int _head = -1;
    private int _retiredHead = -1; // their memory is given back
    private int _retired;
    private int _touched;
    private int _allowed;
    private int _count;

    /// <param name="segments">All that there can be.</param>
    /// <param name="capacity">Their number.</param>
    /// <param name="allowed">How many there may be at first.</param>
    public FreeSegments(Segment* segments, int capacity, int allowed)
    {
        _segments = segments;
        _capacity = capacity;
        _allowed = allowed;
        _count = allowed;
    }

    /// <summary>Segments that the budget allows, used ones among them.</summary>
    public int Allowed => Volatile.Read(ref _allowed);

    /// <summary>Segments that were ever used: the first ones.</summary>
    public int Touched => Volatile.Read(ref _touched);

    /// <summary>Segments that can be taken.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Allow(int more)
    {
        Debug.Assert(more >= 0 && _allowed + more <= _capacity, "There are addresses for it.");
        _allowed += more;
        _count += more;
    }

    /// <summary>Allows one less. One can be taken.</summary>
    /// <returns>A segment to give the memory of back and to <see cref="Retire"/> after that; -1 if no more is held than allowed.</returns>
    public int Disallow()
    {
        _allowed--;
        _count--;
        if (_touched - _retired <= _allowed)
        {
            return -1;
        }

        int segment = _head;
        _head = _segments[segment].Next;
        _retired++;
        return segment;
    }

    /// <summary>The memory of this one is given back.</summary>
    public void Retire(int segment)
    {
        _segments[segment].Next = _retiredHead;
        _retiredHead = segment;
    }

    /// <summary>Takes one. There is one.</summary>
    public int Take()
    {
        Debug.Assert(_count > 0, "Who takes one has looked.");
        _count--;
        int segment = _head;
        if (segment >= 0)
        {
            _head = _segments[segment].Next;
            return segment;
        }

        if (_retiredHead < 0)
        {
            return _touched++;
        }

        segment = _retiredHead;
        _retiredHead = _segments[segment].Next;
        _retired--;
        return segment;
    }

    /// <summary>Nobody uses this one any more.</summary>
    public void Return(int segment)
    {
        _segments[segment].State = SegmentState.Free;
        _segments[segment].Next = _head;
        _head = segment;
        _count++;
    }
}
