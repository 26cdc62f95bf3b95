using System.Buffers.Binary;
using System.Text;
using Granary.Memcached.Protocol.Binary;

namespace Granary.Memcached.Tests.Binary;

/// <summary>Binary requests as a client sends them.</summary>
internal static class Ask
{
    /// <summary>Any request.</summary>
    public static byte[] For(
        BinaryOpcode opcode, string key = "", string value = "", byte[]? extras = null, ulong cas = 0, uint opaque = 0)
    {
        extras ??= [];
        byte[] header = Header(opcode, key.Length, extras.Length, extras.Length + key.Length + value.Length, cas, opaque);
        return [.. header, .. extras, .. Encoding.Latin1.GetBytes(key + value)];
    }

    /// <summary>A header that says what it is told to.</summary>
    public static byte[] Header(
        BinaryOpcode opcode, int keyLength = 0, int extrasLength = 0, long bodyLength = 0, ulong cas = 0, uint opaque = 0)
    {
        byte[] header = new byte[BinaryHeader.Length];
        header[0] = BinaryHeader.RequestMagic;
        header[1] = (byte)opcode;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)keyLength);
        header[4] = (byte)extrasLength;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), (uint)bodyLength);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), opaque);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(16), cas);
        return header;
    }

    public static byte[] Get(string key, BinaryOpcode opcode = BinaryOpcode.Get) => For(opcode, key);

    public static byte[] Touch(string key, uint seconds, BinaryOpcode opcode = BinaryOpcode.Touch) =>
        For(opcode, key, extras: Numbers(seconds));

    /// <summary>set, add, replace.</summary>
    public static byte[] Store(
        BinaryOpcode opcode, string key, string value, uint flags = 0, uint seconds = 0, ulong cas = 0) =>
        For(opcode, key, value, Numbers(flags, seconds), cas);

    public static byte[] Set(string key, string value, uint flags = 0, uint seconds = 0, ulong cas = 0) =>
        Store(BinaryOpcode.Set, key, value, flags, seconds, cas);

    public static byte[] Append(string key, string value, ulong cas = 0, BinaryOpcode opcode = BinaryOpcode.Append) =>
        For(opcode, key, value, cas: cas);

    public static byte[] Delete(string key, ulong cas = 0, BinaryOpcode opcode = BinaryOpcode.Delete) =>
        For(opcode, key, cas: cas);

    /// <summary>A count that creates nothing, unless it is told when what it creates expires.</summary>
    public static byte[] Count(
        BinaryOpcode opcode, string key, ulong delta, ulong initial = 0, uint seconds = uint.MaxValue, ulong cas = 0)
    {
        byte[] extras = new byte[20];
        BinaryPrimitives.WriteUInt64BigEndian(extras, delta);
        BinaryPrimitives.WriteUInt64BigEndian(extras.AsSpan(8), initial);
        BinaryPrimitives.WriteUInt32BigEndian(extras.AsSpan(16), seconds);
        return For(opcode, key, extras: extras, cas: cas);
    }

    public static byte[] Increment(string key, ulong delta, ulong initial = 0, uint seconds = uint.MaxValue, ulong cas = 0) =>
        Count(BinaryOpcode.Increment, key, delta, initial, seconds, cas);

    public static byte[] Decrement(string key, ulong delta, ulong initial = 0, uint seconds = uint.MaxValue, ulong cas = 0) =>
        Count(BinaryOpcode.Decrement, key, delta, initial, seconds, cas);

    public static byte[] NoOp(uint opaque = 0) => For(BinaryOpcode.NoOp, opaque: opaque);

    /// <summary>SASL PLAIN, in one message.</summary>
    public static byte[] Plain(string user, string password, string actor = "", string mechanism = "PLAIN") =>
        For(BinaryOpcode.SaslAuthenticate, mechanism, $"{actor}\0{user}\0{password}");

    /// <summary>Extras.</summary>
    public static byte[] Numbers(params uint[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(uint)];
        for (int index = 0; index < numbers.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(index * sizeof(uint)), numbers[index]);
        }

        return bytes;
    }
}
