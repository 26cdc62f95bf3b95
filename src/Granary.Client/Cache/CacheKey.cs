using System.Text;
using Granary.Wire;

namespace Granary.Client;

/// <summary>
/// A key: 1 to 1024 bytes of any kind. Text is its UTF-8, so <c>"user:7"</c> and the bytes that Python or the memcached
/// port send for it are the same key.
/// </summary>
/// <remarks>
/// Strings and byte arrays convert implicitly. The bytes are not copied: leave them alone until the call ends.
/// </remarks>
public readonly struct CacheKey : IEquatable<CacheKey>
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _length;

    /// <summary>Makes a key of text.</summary>
    /// <param name="text">1 to <see cref="WireLimits.MaxKeyBytes"/> bytes as UTF-8.</param>
    /// <exception cref="ArgumentException">The text is empty, too long, or no valid Unicode.</exception>
    public CacheKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _length = Utf8.GetByteCount(text);
        ThrowIfBadLength(_length, nameof(text));
        _text = text;
    }

    /// <summary>Makes a key of bytes.</summary>
    /// <param name="bytes">1 to <see cref="WireLimits.MaxKeyBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">There are no bytes, or too many.</exception>
    public CacheKey(ReadOnlyMemory<byte> bytes)
    {
        ThrowIfBadLength(bytes.Length, nameof(bytes));
        _bytes = bytes;
        _length = bytes.Length;
    }

    /// <summary>Length of the key. Bytes; 0 only for <see langword="default"/>, which no call accepts.</summary>
    public int Length => _length;

    /// <summary>Room that <see cref="AsSpan"/> needs: none for keys made of bytes.</summary>
    internal int ScratchLength => _text is null ? 0 : _length;

    /// <summary>Makes a key of text.</summary>
    public static implicit operator CacheKey(string text) => new(text);

    /// <summary>Makes a key of bytes.</summary>
    public static implicit operator CacheKey(byte[] bytes) => FromBytes(bytes);

    /// <summary>Makes a key of bytes.</summary>
    public static implicit operator CacheKey(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Whether two keys have the same bytes.</summary>
    public static bool operator ==(CacheKey left, CacheKey right) => left.Equals(right);

    /// <summary>Whether two keys have different bytes.</summary>
    public static bool operator !=(CacheKey left, CacheKey right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(CacheKey other) =>
        _text is not null && other._text is not null
            ? string.Equals(_text, other._text, StringComparison.Ordinal)
            : AsSpan(stackalloc byte[ScratchLength]).SequenceEqual(other.AsSpan(stackalloc byte[other.ScratchLength]));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(AsSpan(stackalloc byte[ScratchLength]));
        return hash.ToHashCode();
    }

    /// <summary>The text, or the bytes in hexadecimal.</summary>
    public override string ToString() => _text ?? $"0x{Convert.ToHexString(_bytes.Span)}";

    /// <summary>The key's bytes.</summary>
    /// <param name="scratch">At least <see cref="ScratchLength"/> bytes.</param>
    internal ReadOnlySpan<byte> AsSpan(Span<byte> scratch)
    {
        if (_text is null)
        {
            return _bytes.Span;
        }

        Utf8.GetBytes(_text, scratch);
        return scratch[.._length];
    }

    internal byte[] ToArray() => _text is null ? _bytes.ToArray() : Utf8.GetBytes(_text);

    /// <summary>The same key, in memory of its own.</summary>
    internal CacheKey ToOwned() => _text is null ? new CacheKey(_bytes.ToArray()) : this;

    internal void ThrowIfDefault()
    {
        if (_length == 0)
        {
            ThrowIfBadLength(0, "key");
        }
    }

    private static CacheKey FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new CacheKey(bytes.AsMemory());
    }

    private static void ThrowIfBadLength(int length, string name)
    {
        if (length is 0 or > WireLimits.MaxKeyBytes)
        {
            throw new ArgumentException(
                $"The key has {length} bytes; it must have 1 to {WireLimits.MaxKeyBytes}.", name);
        }
    }
}
