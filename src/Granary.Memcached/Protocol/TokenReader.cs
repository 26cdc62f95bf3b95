namespace Granary.Memcached.Protocol;

/// <summary>Takes the words off a command line. Only spaces separate: TAB and other control bytes are
/// ordinary.</summary>
internal ref struct TokenReader(ReadOnlySpan<byte> text)
{
    private const byte Space = (byte)' ';

    private ReadOnlySpan<byte> _rest = text;

    /// <summary>What has not been read yet, without the spaces around it.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest.Trim(Space);

    /// <summary>The last word of what has not been read yet is <c>noreply</c>.</summary>
    public readonly bool EndsWithNoReply
    {
        get
        {
            ReadOnlySpan<byte> rest = Rest;
            return rest.EndsWith("noreply"u8)
                && (rest.Length == "noreply"u8.Length || rest[^("noreply"u8.Length + 1)] == Space);
        }
    }

    /// <summary>Reads the next word.</summary>
    /// <param name="token">The word, never empty; empty if there is none.</param>
    public bool TryRead(out ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> rest = _rest.TrimStart(Space);
        int length = rest.IndexOf(Space);
        if (length < 0)
        {
            token = rest;
            _rest = default;
            return !rest.IsEmpty;
        }

        token = rest[..length];
        _rest = rest[(length + 1)..];
        return true;
    }
}
