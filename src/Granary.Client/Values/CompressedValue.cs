using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Granary.Client.Values;

// The value's length (4 bytes, little endian), then Brotli (RFC 7932). The entry's flags say that it is one: of a writer who
// sets flags of his own nothing is compressed.

/// <summary>A value that is stored compressed.</summary>
internal static class CompressedValue
{
    /// <summary>The flags of its entry: "GRbr".</summary>
    public const uint Flags = 0x47526272;

    private const int HeaderBytes = 4;

    // The silos' greatest limit for a value. A reader allocates what the length says.
    private const int MaxBytes = 128 << 20;

    // The fastest; a cache is read and written far more often than a file.
    private const int Quality = 1;
    private const int WindowBits = 22; // Brotli's default

    /// <summary>Compresses a value if that saves an eighth of it.</summary>
    /// <param name="value">The value; it may be in <paramref name="scratch"/>.</param>
    /// <param name="scratch">Gets the compressed value, behind what it holds.</param>
    /// <param name="compressed">The compressed value.</param>
    public static bool TryCompress(
        ReadOnlyMemory<byte> value, EncodeBuffer scratch, out ReadOnlyMemory<byte> compressed)
    {
        compressed = default;
        int room = value.Length - (value.Length / 8);
        if (value.Length > MaxBytes || room <= HeaderBytes)
        {
            return false;
        }

        int start = scratch.Length;
        Span<byte> target = scratch.GetSpan(room)[..room];
        if (!BrotliEncoder.TryCompress(value.Span, target[HeaderBytes..], out int written, Quality, WindowBits))
        {
            return false;
        }

        BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
        scratch.Advance(HeaderBytes + written);
        compressed = scratch.Written[start..];
        return true;
    }

    /// <summary>The value.</summary>
    /// <exception cref="FormatException">It is damaged; something was put behind or before it, for example.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> compressed)
    {
        if (compressed.Length >= HeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(compressed);
            if (length is >= 0 and <= MaxBytes)
            {
                byte[] value = GC.AllocateUninitializedArray<byte>(length);
                using var decoder = default(BrotliDecoder);
                OperationStatus status = decoder.Decompress(
                    compressed[HeaderBytes..], value, out int consumed, out int written);
                if (status == OperationStatus.Done && written == length && consumed == compressed.Length - HeaderBytes)
                {
                    return value;
                }
            }
        }

        throw new FormatException(
            $"The value of {compressed.Length} bytes has the flags of a compressed one (0x{Flags:x}) and is none.");
    }
}
