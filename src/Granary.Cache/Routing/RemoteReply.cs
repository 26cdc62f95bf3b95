using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>The answer to an operation that another silo executed.</summary>
public struct RemoteReply
{
    private byte[]? _value;
    private int _valueLength;
    private byte _shape;

    /// <summary>How it ended.</summary>
    public CacheStatus Status { get; private set; }

    /// <summary>The client's flags, on a hit.</summary>
    public uint Flags { get; private set; }

    /// <summary>The entry's cas, on a hit, a store and a count.</summary>
    public ulong Cas { get; private set; }

    /// <summary>The new number, after a count.</summary>
    public ulong Number { get; private set; }

    /// <summary>What else is known of the entry, after an operation with options.</summary>
    public EntryState State { get; private set; }

    /// <summary>The value, on a hit.</summary>
    public readonly ReadOnlySpan<byte> Value => _value.AsSpan(0, _valueLength);

    internal void Set(in PackedReply reply, byte shape)
    {
        _shape = shape;
        Status = reply.Status;
        Flags = reply.Flags;
        Cas = reply.Cas;
        Number = reply.Number;
        State = reply.State;
        _valueLength = reply.Value.Length;
        if (_valueLength > 0)
        {
            _value = System.Buffers.ArrayPool<byte>.Shared.Rent(_valueLength);
            reply.Value.CopyTo(_value);
        }
    }

    internal void Set(CacheStatus status, ulong number = 0)
    {
        Status = status;
        Number = number;
    }

    internal readonly void AddTo(ReplyWriter writer, int following)
    {
        if (_valueLength > 0 && !writer.Fits(_valueLength, following))
        {
            writer.Add(CacheStatus.Deferred);
            return;
        }

        var reply = new PackedReply
        {
            Status = Status,
            Flags = Flags,
            Cas = Cas,
            Number = Number,
            Value = Value,
            State = State,
        };
        writer.Add(reply, _shape);
    }

    internal void Release()
    {
        if (_value is not null)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(_value);
        }

        this = default;
    }
}
