using System.Text;

namespace Granary.Benchmarks.Load;

/// <summary>
/// How a get and a set of one key look on the wire, and what a hit and a stored value look like coming back.
/// </summary>
/// <remarks>
/// A request is <c>before-key KEY after-key</c>, for a set followed by <c>VALUE CRLF</c>. The answer to a get is
/// <c>HitBeforeKey [KEY] HitAfterKey VALUE HitEnd</c>. All lengths are fixed, so an answer is checked without parsing.
/// </remarks>
internal sealed class WireProtocol
{
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private WireProtocol(string name) => Name = name;

    public string Name { get; }

    public required byte[] GetBeforeKey { get; init; }

    public required byte[] GetAfterKey { get; init; }

    public required byte[] SetBeforeKey { get; init; }

    public required byte[] SetAfterKey { get; init; }

    public required byte[] HitBeforeKey { get; init; }

    public required bool HitRepeatsKey { get; init; }

    public required byte[] HitAfterKey { get; init; }

    public required byte[] HitEnd { get; init; }

    public required byte[] Stored { get; init; }

    /// <summary>memcached doc/protocol.txt: <c>get KEY</c> and <c>set KEY flags exptime bytes</c>.</summary>
    public static WireProtocol Memcached(KeySpace keys) => new("memcached")
    {
        GetBeforeKey = "get "u8.ToArray(),
        GetAfterKey = LineEnd,
        SetBeforeKey = "set "u8.ToArray(),
        SetAfterKey = Bytes($" 0 0 {keys.ValueLengthBytes}\r\n"),
        HitBeforeKey = "VALUE "u8.ToArray(),
        HitRepeatsKey = true,
        HitAfterKey = Bytes($" 0 {keys.ValueLengthBytes}\r\n"),
        HitEnd = "\r\nEND\r\n"u8.ToArray(),
        Stored = "STORED\r\n"u8.ToArray(),
    };

    /// <summary>RESP2 (redis.io, "Redis serialization protocol specification"): arrays of bulk strings.</summary>
    public static WireProtocol Resp(KeySpace keys) => new("resp")
    {
        GetBeforeKey = Bytes($"*2\r\n$3\r\nGET\r\n${keys.KeyLengthBytes}\r\n"),
        GetAfterKey = LineEnd,
        SetBeforeKey = Bytes($"*3\r\n$3\r\nSET\r\n${keys.KeyLengthBytes}\r\n"),
        SetAfterKey = Bytes($"\r\n${keys.ValueLengthBytes}\r\n"),
        HitBeforeKey = Bytes($"${keys.ValueLengthBytes}\r\n"),
        HitRepeatsKey = false,
        HitAfterKey = [],
        HitEnd = LineEnd,
        Stored = "+OK\r\n"u8.ToArray(),
    };

    public int GetLength(KeySpace keys) => GetBeforeKey.Length + keys.KeyLengthBytes + GetAfterKey.Length;

    public int SetLength(KeySpace keys) => SetBeforeKey.Length + keys.KeyLengthBytes + SetAfterKey.Length
        + keys.ValueLengthBytes + LineEnd.Length;

    /// <summary>Writes a get; returns its length.</summary>
    public int WriteGet(KeySpace keys, int number, Span<byte> destination)
    {
        GetBeforeKey.CopyTo(destination);
        keys.WriteKey(number, destination[GetBeforeKey.Length..]);
        GetAfterKey.CopyTo(destination[(GetBeforeKey.Length + keys.KeyLengthBytes)..]);
        return GetLength(keys);
    }

    /// <summary>Writes a set of the key's value; returns its length.</summary>
    public int WriteSet(KeySpace keys, int number, Span<byte> destination)
    {
        SetBeforeKey.CopyTo(destination);
        int length = SetBeforeKey.Length;
        keys.WriteKey(number, destination[length..]);
        length += keys.KeyLengthBytes;
        SetAfterKey.CopyTo(destination[length..]);
        length += SetAfterKey.Length;
        keys.ValueAt(KeySpace.ValueStart(number)).CopyTo(destination[length..]);
        length += keys.ValueLengthBytes;
        LineEnd.CopyTo(destination[length..]);
        return length + LineEnd.Length;
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
