using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client.Values;

/// <summary>Maps values to bytes and back, by the table at <see cref="IGranaryCache"/>. Thread-safe.</summary>
/// <remarks>Comparisons of <c>typeof(T)</c> are constants for value types, so that each gets straight code.</remarks>
internal sealed class ValueCodec
{
    private const int MaxIntegerBytes = 20; // "-9223372036854775808", "18446744073709551615"

    private readonly JsonSerializerOptions _json;
    private readonly JsonWriterOptions _writerOptions;
    private readonly ValueSerializers _serializers;

    /// <param name="json">For values that no serializer is for.</param>
    /// <param name="serializers">For values that are neither bytes nor text nor integers.</param>
    public ValueCodec(JsonSerializerOptions json, IReadOnlyList<IHybridCacheSerializerFactory>? serializers = null)
    {
        _serializers = new ValueSerializers(serializers ?? []);
        _json = json;
        _writerOptions = new JsonWriterOptions
        {
            Encoder = json.Encoder,
            Indented = json.WriteIndented,
            SkipValidation = true,
        };
    }

    /// <summary>The value's bytes: its own, or written behind what <paramref name="scratch"/> holds.</summary>
    public ReadOnlyMemory<byte> Encode<T>(T value, EncodeBuffer scratch)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (typeof(T) == typeof(byte[]))
        {
            return (byte[])(object)value;
        }

        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            return (ReadOnlyMemory<byte>)(object)value;
        }

        if (typeof(T) == typeof(Memory<byte>))
        {
            return (Memory<byte>)(object)value;
        }

        int start = scratch.Length;
        if (typeof(T) == typeof(ReadOnlySequence<byte>))
        {
            var sequence = (ReadOnlySequence<byte>)(object)value;
            if (sequence.IsSingleSegment)
            {
                return sequence.First;
            }

            foreach (ReadOnlyMemory<byte> piece in sequence)
            {
                scratch.Write(piece.Span);
            }
        }
        else if (typeof(T) == typeof(string))
        {
            Encoding.UTF8.GetBytes((string)(object)value, scratch);
        }
        else if (TryFormat(value, scratch.GetSpan(MaxIntegerBytes), out int written))
        {
            scratch.Advance(written);
        }
        else if (_serializers.Find<T>() is { } serializer)
        {
            serializer.Serialize(value, scratch);
        }
        else
        {
            using var writer = new Utf8JsonWriter(scratch, _writerOptions);
            JsonSerializer.Serialize(writer, value, TypeInfo<T>());
        }

        return scratch.Written[start..];
    }

    /// <summary>The value's bytes in memory of their own.</summary>
    public ReadOnlyMemory<byte> EncodeAlone<T>(T value)
    {
        EncodeBuffer scratch = EncodeBuffer.Rent();
        try
        {
            ReadOnlyMemory<byte> encoded = Encode(value, scratch);
            return scratch.Length == 0 ? encoded : encoded.ToArray();
        }
        finally
        {
            scratch.Return();
        }
    }

    /// <summary>Whether values of a type become JSON.</summary>
    public static bool IsJson<T>() =>
        typeof(T) != typeof(byte[]) && typeof(T) != typeof(ReadOnlyMemory<byte>) && typeof(T) != typeof(Memory<byte>)
        && typeof(T) != typeof(ReadOnlySequence<byte>) && typeof(T) != typeof(string) && !IsInteger<T>();

    /// <summary>Makes a value of the bytes; what it returns does not refer to them.</summary>
    /// <exception cref="FormatException">The bytes are no <typeparamref name="T"/>.</exception>
    public T Decode<T>(ReadOnlySpan<byte> bytes)
    {
        if (typeof(T) == typeof(byte[]))
        {
            return (T)(object)bytes.ToArray();
        }

        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            return (T)(object)new ReadOnlyMemory<byte>(bytes.ToArray());
        }

        if (typeof(T) == typeof(Memory<byte>))
        {
            return (T)(object)bytes.ToArray().AsMemory();
        }

        if (typeof(T) == typeof(ReadOnlySequence<byte>))
        {
            return (T)(object)new ReadOnlySequence<byte>(bytes.ToArray());
        }

        if (typeof(T) == typeof(string))
        {
            return (T)(object)Encoding.UTF8.GetString(bytes);
        }

        if (IsInteger<T>())
        {
            return Parse<T>(bytes);
        }

        return _serializers.Find<T>() is { } serializer
            ? serializer.Deserialize(new ReadOnlySequence<byte>(bytes.ToArray()))
            : DecodeJson<T>(bytes);
    }

    private static bool IsInteger<T>() =>
        typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong) || typeof(T) == typeof(uint)
        || typeof(T) == typeof(short) || typeof(T) == typeof(ushort) || typeof(T) == typeof(byte)
        || typeof(T) == typeof(sbyte);

    private static bool TryFormat<T>(T value, Span<byte> destination, out int written)
    {
        written = 0;
        return IsInteger<T>() && ((IUtf8SpanFormattable)value!).TryFormat(destination, out written, default, null);
    }

    private static T Parse<T>(ReadOnlySpan<byte> bytes)
    {
        // memcached's decrement leaves spaces behind a number that became shorter (protocol.txt,
        // "Increment/Decrement").
        ReadOnlySpan<byte> digits = bytes.TrimEnd((byte)' ');
        if (TryParse(digits, out T? value, out int consumed) && consumed == digits.Length)
        {
            return value!;
        }

        throw new FormatException($"The value of {bytes.Length} bytes is no decimal number of {typeof(T).Name}.");
    }

    private static bool TryParse<T>(ReadOnlySpan<byte> digits, out T? value, out int consumed)
    {
        bool parsed;
        if (typeof(T) == typeof(ulong))
        {
            parsed = Utf8Parser.TryParse(digits, out ulong number, out consumed);
            value = (T)(object)number;
            return parsed;
        }

        parsed = Utf8Parser.TryParse(digits, out long signed, out consumed);
        (long min, long max) = Range<T>();
        value = default;
        if (!parsed || signed < min || signed > max)
        {
            return false;
        }

        value = FromLong<T>(signed);
        return true;
    }

    private static (long Min, long Max) Range<T>() => typeof(T) switch
    {
        var type when type == typeof(int) => (int.MinValue, int.MaxValue),
        var type when type == typeof(uint) => (uint.MinValue, uint.MaxValue),
        var type when type == typeof(short) => (short.MinValue, short.MaxValue),
        var type when type == typeof(ushort) => (ushort.MinValue, ushort.MaxValue),
        var type when type == typeof(byte) => (byte.MinValue, byte.MaxValue),
        var type when type == typeof(sbyte) => (sbyte.MinValue, sbyte.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    private static T FromLong<T>(long number) => typeof(T) switch
    {
        var type when type == typeof(int) => (T)(object)(int)number,
        var type when type == typeof(uint) => (T)(object)(uint)number,
        var type when type == typeof(short) => (T)(object)(short)number,
        var type when type == typeof(ushort) => (T)(object)(ushort)number,
        var type when type == typeof(byte) => (T)(object)(byte)number,
        var type when type == typeof(sbyte) => (T)(object)(sbyte)number,
        _ => (T)(object)number,
    };

    private T DecodeJson<T>(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TypeInfo<T>())
                ?? throw new FormatException($"The value is JSON null, which is no {typeof(T).Name}.");
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"The value of {bytes.Length} bytes is no JSON of {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    private JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)_json.GetTypeInfo(typeof(T));
}
