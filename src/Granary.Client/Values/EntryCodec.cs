using System.Buffers;

namespace Granary.Client.Values;

/// <summary>Maps the values of entries to bytes and flags, and back. Thread-safe.</summary>
/// <param name="codec">Values to bytes.</param>
/// <param name="compressFrom">
/// Length from which on values of writers without flags are compressed. Bytes; <see langword="null"/>: none.
/// </param>
internal sealed class EntryCodec(ValueCodec codec, int? compressFrom)
{
    /// <summary>As <see cref="ValueCodec.Encode"/>, for what is to be an entry's whole value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scratch">Rented.</param>
    /// <param name="flags">The entry's: the writer's, or those of a compressed value.</param>
    public ReadOnlyMemory<byte> Encode<T>(T value, EncodeBuffer scratch, ref uint flags)
    {
        ReadOnlyMemory<byte> bytes = codec.Encode(value, scratch);
        if (flags == 0 && bytes.Length >= compressFrom
            && CompressedValue.TryCompress(bytes, scratch, out ReadOnlyMemory<byte> compressed))
        {
            flags = CompressedValue.Flags;
            return compressed;
        }

        return bytes;
    }

    /// <summary>One that compresses nothing, and reads the same.</summary>
    public EntryCodec WithoutCompression() => new(codec, compressFrom: null);

    /// <summary>As <see cref="ValueCodec.Encode"/>, for a part of an entry's value.</summary>
    public ReadOnlyMemory<byte> EncodePart<T>(T value, EncodeBuffer scratch) => codec.Encode(value, scratch);

    /// <summary>Makes an entry of a hit.</summary>
    /// <exception cref="FormatException">The bytes are no <typeparamref name="T"/>.</exception>
    public CacheEntry<T> Decode<T>(ReadOnlyMemory<byte> bytes, uint flags, ulong cas)
    {
        if (flags != CompressedValue.Flags)
        {
            return new CacheEntry<T>(codec.Decode<T>(bytes.Span), flags, cas);
        }

        byte[] value = CompressedValue.Decompress(bytes.Span);
        return new CacheEntry<T>(typeof(T) == typeof(byte[]) ? (T)(object)value : codec.Decode<T>(value), 0, cas);
    }

    /// <summary>Writes the bytes of a hit's value.</summary>
    /// <exception cref="FormatException">They are a damaged compressed value.</exception>
    public static void CopyTo(IBufferWriter<byte> destination, ReadOnlyMemory<byte> bytes, uint flags) =>
        destination.Write(flags == CompressedValue.Flags ? CompressedValue.Decompress(bytes.Span) : bytes.Span);
}
