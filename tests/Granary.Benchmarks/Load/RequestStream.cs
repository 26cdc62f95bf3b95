using System.Text;

namespace Granary.Benchmarks.Load;

/// <summary>
/// A long run of gets and sets, rendered once: a batch is a slice of it, and sending costs no formatting.
/// </summary>
/// <remarks>Immutable; all load threads and all servers of one protocol share it.</remarks>
internal sealed class RequestStream
{
    // 2 million operations draw 86 % of 1 million uniform keys at least once.
    private const int MaxOperations = 1 << 21;
    private const int TargetLengthBytes = 256 << 20;
    private const int NoValue = -1;

    private readonly WireProtocol _protocol;
    private readonly KeySpace _keys;
    private readonly byte[] _bytes;
    private readonly Operation[] _operations; // and one more, which only says where the last one ends
    private readonly int _keyOffset;
    private readonly int _hitLength;

    public RequestStream(WireProtocol protocol, KeySpace keys, KeyPicker picker, GetSetRatio ratio, int minOperations)
    {
        _protocol = protocol;
        _keys = keys;
        _keyOffset = protocol.GetBeforeKey.Length;
        _hitLength = protocol.HitBeforeKey.Length + (protocol.HitRepeatsKey ? keys.KeyLengthBytes : 0)
            + protocol.HitAfterKey.Length + keys.ValueLengthBytes + protocol.HitEnd.Length;

        int meanLength = ((ratio.Gets * protocol.GetLength(keys)) + (ratio.Sets * protocol.SetLength(keys)))
            / (ratio.Gets + ratio.Sets);
        Count = Math.Max(minOperations, Math.Min(MaxOperations, TargetLengthBytes / meanLength));
        _operations = new Operation[Count + 1];
        _bytes = Render(picker, ratio);
    }

    /// <summary>Operations in the stream.</summary>
    public int Count { get; }

    /// <summary>The longest answer, in bytes.</summary>
    public int MaxReplyLengthBytes => Math.Max(_hitLength, _protocol.Stored.Length);

    /// <summary>The requests <paramref name="first"/> to <paramref name="end"/>, the last one excluded.</summary>
    public ReadOnlySpan<byte> Requests(int first, int end) =>
        _bytes.AsSpan(_operations[first].Offset, _operations[end].Offset - _operations[first].Offset);

    /// <summary>The key of an operation.</summary>
    public ReadOnlySpan<byte> Key(int index)
    {
        int offset = _operations[index].ValueStart == NoValue ? _protocol.SetBeforeKey.Length : _keyOffset;
        return _bytes.AsSpan(_operations[index].Offset + offset, _keys.KeyLengthBytes);
    }

    /// <summary>
    /// Checks that <paramref name="received"/> begins with the right answer to an operation, byte by byte.
    /// </summary>
    /// <returns>The answer's length; 0 if it is not complete yet.</returns>
    /// <exception cref="LoadException">It is a miss, an error or the wrong value.</exception>
    public int CheckReply(int index, ReadOnlySpan<byte> received)
    {
        ref readonly Operation operation = ref _operations[index];
        if (operation.ValueStart == NoValue)
        {
            return Check(received, _protocol.Stored, _protocol.Stored.Length, index);
        }

        if (received.Length < _hitLength)
        {
            return Check(received, _protocol.HitBeforeKey, _hitLength, index);
        }

        ReadOnlySpan<byte> rest = received[.._hitLength];
        ReadOnlySpan<byte> key = _protocol.HitRepeatsKey
            ? _bytes.AsSpan(operation.Offset + _keyOffset, _keys.KeyLengthBytes)
            : [];
        bool right = Skip(ref rest, _protocol.HitBeforeKey)
            && Skip(ref rest, key)
            && Skip(ref rest, _protocol.HitAfterKey)
            && Skip(ref rest, _keys.ValueAt(operation.ValueStart))
            && Skip(ref rest, _protocol.HitEnd);
        return right ? _hitLength : throw Mismatch(index, received);
    }

    // Compares what there is of the answer's head: a miss or an error is shorter than a hit and would be waited for.
    private int Check(ReadOnlySpan<byte> received, ReadOnlySpan<byte> head, int replyLength, int index)
    {
        int length = Math.Min(received.Length, head.Length);
        if (!received[..length].SequenceEqual(head[..length]))
        {
            throw Mismatch(index, received);
        }

        return received.Length >= replyLength ? replyLength : 0;
    }

    private static bool Skip(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        bool equal = rest[..expected.Length].SequenceEqual(expected);
        rest = rest[expected.Length..];
        return equal;
    }

    private LoadException Mismatch(int index, ReadOnlySpan<byte> received)
    {
        bool isSet = _operations[index].ValueStart == NoValue;
        string key = Encoding.ASCII.GetString(Key(index));
        string answer = Encoding.Latin1.GetString(received[..Math.Min(received.Length, 60)]);
        return new LoadException($"{(isSet ? "set" : "get")} of {key} was answered with \"{Escape(answer)}\".");
    }

    private static string Escape(string text) => string.Concat(text.Select(c => c switch
    {
        '\r' => "\\r",
        '\n' => "\\n",
        < ' ' or > '~' => ".",
        _ => c.ToString(),
    }));

    private byte[] Render(KeyPicker picker, GetSetRatio ratio)
    {
        var random = new Random(2);
        var numbers = new int[Count];
        int length = 0;
        for (int i = 0; i < Count; i++)
        {
            bool isGet = random.Next(ratio.Gets + ratio.Sets) < ratio.Gets;
            numbers[i] = picker.Next();
            _operations[i] = new Operation(length, isGet ? KeySpace.ValueStart(numbers[i]) : NoValue);
            length = checked(length + (isGet ? _protocol.GetLength(_keys) : _protocol.SetLength(_keys)));
        }

        _operations[Count] = new Operation(length, NoValue);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        for (int i = 0; i < Count; i++)
        {
            Span<byte> destination = bytes.AsSpan(_operations[i].Offset);
            _ = _operations[i].ValueStart == NoValue
                ? _protocol.WriteSet(_keys, numbers[i], destination)
                : _protocol.WriteGet(_keys, numbers[i], destination);
        }

        return bytes;
    }

    /// <param name="Offset">Where its request begins, in bytes.</param>
    /// <param name="ValueStart">Of a get: where <see cref="KeySpace.ValueAt"/> finds the value it must return.</param>
    private readonly record struct Operation(int Offset, int ValueStart);
}
