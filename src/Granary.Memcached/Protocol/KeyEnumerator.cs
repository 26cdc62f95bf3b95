namespace Granary.Memcached.Protocol;

/// <summary>Walks the keys of a retrieval command:
/// <c>foreach (ReadOnlySpan&lt;byte&gt; key in command.Keys)</c>.</summary>
/// <remarks>The parser has checked every key, so each is 1 to 250 bytes.</remarks>
internal ref struct KeyEnumerator(ReadOnlySpan<byte> keys)
{
    private TokenReader _tokens = new(keys);
    private ReadOnlySpan<byte> _current;

    /// <summary>The key reached by <see cref="MoveNext"/>.</summary>
    public readonly ReadOnlySpan<byte> Current => _current;

    /// <summary>Makes the type usable in foreach.</summary>
    public readonly KeyEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next key.</summary>
    /// <returns><see langword="false"/> after the last one.</returns>
    public bool MoveNext() => _tokens.TryRead(out _current);
}
