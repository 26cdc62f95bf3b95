using System.Buffers.Binary;

namespace Granary.Memcached.Protocol.Binary;

// The 24 bytes before the body of a request. Numbers are big-endian.
//
//  0 magic, 0x80 | 1 opcode | 2-3 key length | 4 extras length | 5 data type | 6-7 vbucket
//  8-11 body length: extras, key and value | 12-15 opaque | 16-23 cas
//
// A reply has magic 0x81 and the status in the vbucket's place. Data type and vbucket mean nothing here, as in memcached.

/// <summary>The header of a binary request.</summary>
/// <param name="Opcode">As sent: the reply has the same. May be none that there is.</param>
/// <param name="KeyLength">Bytes.</param>
/// <param name="ExtrasLength">Bytes.</param>
/// <param name="BodyLength">Bytes.</param>
/// <param name="Opaque">The client's own, which the reply has again.</param>
/// <param name="Cas">The cas that the entry must have; 0 for any.</param>
internal readonly record struct BinaryHeader(
    BinaryOpcode Opcode, ushort KeyLength, byte ExtrasLength, uint BodyLength, uint Opaque, ulong Cas)
{
    /// <summary>Bytes of a header.</summary>
    public const int Length = 24;

    /// <summary>The first byte of a request, and of no text command.</summary>
    public const byte RequestMagic = 0x80;

    /// <summary>The first byte of a reply.</summary>
    public const byte ReplyMagic = 0x81;

    /// <summary>Whether extras and key are no longer than the body that they are in.</summary>
    public bool IsPossible => KeyLength + ExtrasLength <= BodyLength;

    /// <summary>Bytes of header, extras and key.</summary>
    public int HeadLength => Length + ExtrasLength + KeyLength;

    /// <summary>Bytes of the body behind extras and key.</summary>
    public uint ValueLength => BodyLength - ExtrasLength - KeyLength;

    /// <summary>Whether it is not answered if it ends as expected.</summary>
    public bool IsQuiet => Command != Opcode;

    /// <summary>What is asked for, quiet or not.</summary>
    public BinaryOpcode Command => Opcode switch
    {
        >= BinaryOpcode.SetQuiet and <= BinaryOpcode.FlushQuiet => Opcode - (BinaryOpcode.SetQuiet - BinaryOpcode.Set),
        BinaryOpcode.AppendQuiet => BinaryOpcode.Append,
        BinaryOpcode.PrependQuiet => BinaryOpcode.Prepend,
        BinaryOpcode.GetQuiet => BinaryOpcode.Get,
        BinaryOpcode.GetKeyQuiet => BinaryOpcode.GetKey,
        BinaryOpcode.GetAndTouchQuiet => BinaryOpcode.GetAndTouch,
        BinaryOpcode.GetKeyAndTouchQuiet => BinaryOpcode.GetKeyAndTouch,
        _ => Opcode,
    };

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">At least <see cref="Length"/>; the magic is not looked at.</param>
    public static BinaryHeader Read(ReadOnlySpan<byte> bytes) => new(
        (BinaryOpcode)bytes[1],
        BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
        bytes[4],
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]));
}
