using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Granary.Memcached.Protocol.Binary;

namespace Granary.Memcached.Tests.Binary;

/// <summary>A binary reply as a client reads it.</summary>
internal sealed record BinaryReply(
    BinaryOpcode Opcode, BinaryStatus Status, uint? Flags, string Key, string Value, uint Opaque, ulong Cas)
{
    /// <summary>Reads replies; fails on anything else.</summary>
    /// <param name="bytes">One a character.</param>
    public static List<BinaryReply> ReadAll(string bytes)
    {
        List<BinaryReply> replies = [];
        ReadOnlySpan<byte> rest = Encoding.Latin1.GetBytes(bytes);
        while (!rest.IsEmpty)
        {
            replies.Add(Read(rest, out int length));
            rest = rest[length..];
        }

        return replies;
    }

    /// <summary>Reads replies, and says each as <see cref="ToString"/> does.</summary>
    public static string[] Describe(string bytes) => [.. ReadAll(bytes).Select(static reply => reply.ToString())];

    /// <summary>Whether replies end with one to a noop of this opaque.</summary>
    public static bool EndsWithNoOp(ReadOnlySpan<byte> bytes, uint opaque) => bytes.Length >= BinaryHeader.Length
        && bytes[^BinaryHeader.Length] == BinaryHeader.ReplyMagic
        && bytes[^(BinaryHeader.Length - 1)] == (byte)BinaryOpcode.NoOp
        && BinaryPrimitives.ReadUInt32BigEndian(bytes[^12..]) == opaque;

    /// <summary>Opcode and status; then, where they are, flags, key, value; and that it has a cas.</summary>
    public override string ToString()
    {
        string flags = Flags is { } number ? string.Create(CultureInfo.InvariantCulture, $" f{number}") : "";
        string key = Key.Length > 0 ? $" k={Key}" : "";
        string value = Value.Length > 0 ? $" {Value}" : "";
        return $"{Opcode} {Status}{flags}{key}{value}{(Cas == 0 ? "" : " +cas")}";
    }

    private static BinaryReply Read(ReadOnlySpan<byte> bytes, out int length)
    {
        Assert.True(bytes.Length >= BinaryHeader.Length, $"A header is cut off: {Convert.ToHexString(bytes)}");
        Assert.Equal(BinaryHeader.ReplyMagic, bytes[0]);
        Assert.Equal(0, bytes[5]);
        BinaryHeader header = BinaryHeader.Read(bytes); // laid out as a request's
        Assert.True(header.IsPossible);
        length = (int)(BinaryHeader.Length + header.BodyLength);
        Assert.True(bytes.Length >= length, $"A body is cut off: {Convert.ToHexString(bytes)}");
        ReadOnlySpan<byte> extras = bytes.Slice(BinaryHeader.Length, header.ExtrasLength);
        Assert.True(extras.Length is 0 or sizeof(uint));
        ReadOnlySpan<byte> key = bytes.Slice(BinaryHeader.Length + extras.Length, header.KeyLength);
        ReadOnlySpan<byte> value = bytes[header.HeadLength..length];
        bool isNumber = header.Opcode is BinaryOpcode.Increment or BinaryOpcode.Decrement && value.Length == sizeof(ulong);
        return new BinaryReply(
            header.Opcode,
            (BinaryStatus)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            extras.IsEmpty ? null : BinaryPrimitives.ReadUInt32BigEndian(extras),
            Encoding.Latin1.GetString(key),
            isNumber
                ? BinaryPrimitives.ReadUInt64BigEndian(value).ToString(CultureInfo.InvariantCulture)
                : Encoding.Latin1.GetString(value),
            header.Opaque,
            header.Cas);
    }
}
