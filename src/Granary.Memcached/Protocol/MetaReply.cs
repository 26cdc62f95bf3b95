namespace Granary.Memcached.Protocol;

/// <summary>The line that answers a meta command, as far as it is not the request's own text.</summary>
internal ref struct MetaReply
{
    /// <summary>HD, EN, NS, EX or NF; empty for VA, which <see cref="ValueLength"/> follows.</summary>
    public ReadOnlySpan<byte> Status { get; set; }

    /// <summary>Of VA: bytes of the data, its CR LF not counted.</summary>
    public int ValueLength { get; set; }

    /// <summary>The flags of the request.</summary>
    public ReadOnlySpan<byte> Flags { get; set; }

    /// <summary>Those of them that are answered with what is below, beside k and O.</summary>
    public ReadOnlySpan<byte> Known { get; set; }

    /// <summary>k: the key as it is told.</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>Whether that is base64.</summary>
    public bool IsBinaryKey { get; set; }

    /// <summary>c: the cas.</summary>
    public ulong Cas { get; set; }

    /// <summary>f: the client's flags.</summary>
    public uint ClientFlags { get; set; }

    /// <summary>s: length of the value. Bytes.</summary>
    public int Size { get; set; }

    /// <summary>t: seconds left before the command; -1 for never.</summary>
    public long SecondsLeft { get; set; }

    /// <summary>t behind T: seconds left by what the command says.</summary>
    public long SecondsLeftByTouch { get; set; }

    /// <summary>t behind N, if the command has created the entry.</summary>
    public long? SecondsLeftByCreation { get; set; }

    /// <summary>l: seconds since the last use.</summary>
    public long SecondsUnused { get; set; }

    /// <summary>h: whether it was fetched before.</summary>
    public bool IsFetched { get; set; }

    /// <summary>W: the client is the one who is to store it anew.</summary>
    public bool HasWon { get; set; }

    /// <summary>X: the value is outdated.</summary>
    public bool IsStale { get; set; }

    /// <summary>Z: another client is to store it anew.</summary>
    public bool IsTokenOut { get; set; }
}
