namespace Granary.Memcached.Protocol;

/// <summary>One command line, understood or rejected. Its spans point into the parsed buffer.</summary>
internal ref struct Command
{
    /// <summary>What to do; of a rejected line, what it asked for, or <see cref="Verb.None"/>.</summary>
    public Verb Verb { get; set; }

    /// <summary>The key, 1 to 250 bytes; of a retrieval command its first key; of a meta command as it was sent, perhaps in
    /// base64 (<see cref="MetaOption.BinaryKey"/>).</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>get, gets, gat, gats: every key as sent, one or more spaces between, none around; walk it with
    /// <see cref="Keys"/>. stats, lru_crawler, slabs, watch: the words after it. A meta command: its flags. Otherwise empty.</summary>
    public ReadOnlySpan<byte> Arguments { get; set; }

    /// <summary>Client flags of a storage command, and of a meta command.</summary>
    public uint Flags { get; set; }

    /// <summary>Expiration time as sent, in seconds: 0 never, up to 30 days relative, above that Unix time, negative
    /// already over. The delay of flush_all, 0 if there is none.</summary>
    public long ExpirationSeconds { get; set; }

    /// <summary>Bytes of the data block that follows a storage command, its CR LF not counted.</summary>
    public int ValueLength { get; set; }

    /// <summary>cas: the unique to compare. incr, decr, ma: the delta. verbosity: the level. cache_memlimit: the MiB.
    /// Otherwise 0.</summary>
    public ulong Number { get; set; }

    /// <summary>A meta command: what its flags say beside what is above.</summary>
    public MetaFlags Meta { get; set; }

    /// <summary>The client reads no answer to this line, not even its <see cref="Error"/>.</summary>
    public bool NoReply { get; set; }

    /// <summary>Why the line was rejected. <see cref="ProtocolError.None"/> with <see cref="Close"/>: close without
    /// a byte.</summary>
    public ProtocolError Error { get; set; }

    /// <summary>Bytes to skip after a rejected line: its data block, CR LF included. 0 if none.</summary>
    public int SwallowBytes { get; set; }

    /// <summary>The connection must be closed once earlier replies and the error, if there is one, are sent.</summary>
    public bool Close { get; set; }

    /// <summary>A retrieval of one key, which is <see cref="Key"/>: the common case.</summary>
    public readonly bool HasOneKey => Key.Length == Arguments.Length && !Key.IsEmpty;

    /// <summary>Every key of a retrieval command, in the order of the request.</summary>
    public readonly KeyEnumerator Keys => new(Arguments);
}
