namespace Granary.Memcached.Protocol;

/// <summary>What the flags of a meta command say, for which a <see cref="Command"/> has no other place.</summary>
internal struct MetaFlags
{
    public MetaOption Options { get; set; }

    /// <summary>M: the first letter of the mode; 0 if there is none.</summary>
    public byte Mode { get; set; }

    /// <summary>N: the expiration time of an entry that is created, as sent. Seconds.</summary>
    public long CreationSeconds { get; set; }

    /// <summary>R: see <see cref="MetaOption.Refresh"/>. As an expiration time. Seconds.</summary>
    public long RefreshSeconds { get; set; }

    /// <summary>C: the cas to compare.</summary>
    public ulong Compare { get; set; }

    /// <summary>E: the cas that the entry gets; 0 for the next.</summary>
    public ulong NewCas { get; set; }

    /// <summary>J: the number of an entry that is created.</summary>
    public ulong Initial { get; set; }

    public readonly bool Has(MetaOption option) => (Options & option) != MetaOption.None;
}
