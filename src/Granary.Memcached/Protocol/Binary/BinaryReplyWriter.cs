using System.Buffers.Binary;

namespace Granary.Memcached.Protocol.Binary;

/// <summary>Writes what binary replies consist of. Pure; allocates nothing.</summary>
internal static class BinaryReplyWriter
{
    /// <summary>Bytes of the flags that the reply to a get begins with.</summary>
    public const int FlagsLength = sizeof(uint);

    /// <summary>Writes the 24 bytes before the body.</summary>
    /// <param name="destination">At least as long.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="extrasLength">Bytes of flags.</param>
    /// <param name="keyLength">Bytes of the key.</param>
    /// <param name="valueLength">Bytes of value, number or words.</param>
    /// <param name="cas">The entry's; 0 for none.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteHeader(
        Span<byte> destination,
        in BinaryHeader request,
        BinaryStatus status,
        int extrasLength,
        int keyLength,
        int valueLength,
        ulong cas)
    {
        destination[0] = BinaryHeader.ReplyMagic;
        destination[1] = (byte)request.Opcode;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)keyLength);
        destination[4] = (byte)extrasLength;
        destination[5] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)status);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], (uint)(extrasLength + keyLength + valueLength));
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], request.Opaque);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], cas);
        return BinaryHeader.Length;
    }

    /// <summary>Writes what comes before the value of a hit: header, flags, and the key if it is wanted.</summary>
    /// <param name="destination">At least a header, <see cref="FlagsLength"/> and the key.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="flags">The client's, kept with the value.</param>
    /// <param name="valueLength">Bytes of the value that follows.</param>
    /// <param name="cas">The entry's.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteHit(
        Span<byte> destination, in BinaryRequest request, uint flags, int valueLength, ulong cas)
    {
        ReadOnlySpan<byte> key = request.WantsKey ? request.Key : default;
        int length = WriteHeader(
            destination, request.Header, BinaryStatus.Success, FlagsLength, key.Length, valueLength, cas);
        BinaryPrimitives.WriteUInt32BigEndian(destination[length..], flags);
        length += FlagsLength;
        key.CopyTo(destination[length..]);
        return length + key.Length;
    }

    /// <summary>The words of an error, which are the reply's value: memcached's, as far as it has them.</summary>
    public static ReadOnlySpan<byte> WordsOf(BinaryStatus error) => error switch
    {
        BinaryStatus.NotFound => "Not found"u8,
        BinaryStatus.Exists => "Data exists for key."u8,
        BinaryStatus.TooLarge => "Too large."u8,
        BinaryStatus.InvalidArguments => "Invalid arguments"u8,
        BinaryStatus.NotStored => "Not stored."u8,
        BinaryStatus.NotNumeric => "Non-numeric server-side value for incr or decr"u8,
        BinaryStatus.AuthenticationFailure => "Auth failure."u8,
        BinaryStatus.UnknownCommand => "Unknown command"u8,
        BinaryStatus.OutOfMemory => "Out of memory"u8,
        BinaryStatus.Unknown => "outcome unknown: connection to the owner lost"u8,
        BinaryStatus.Busy => "busy"u8,
        BinaryStatus.Unavailable => "temporarily unavailable: try again"u8,
        _ => default, // no errors
    };
}
