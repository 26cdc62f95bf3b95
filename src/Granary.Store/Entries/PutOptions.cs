namespace Granary.Store.Entries;

/// <summary>How a value is stored: the condition, and what its entry has beside it.</summary>
public readonly record struct PutOptions
{
    /// <summary>The condition and manner.</summary>
    public PutMode Mode { get; init; }

    /// <summary>The client's flags; of an entry that append or prepend finds they stay.</summary>
    public uint Flags { get; init; }

    /// <summary>When it expires; of an entry that append or prepend finds that stays: to them a window begins anew.</summary>
    public Expiration Expiration { get; init; }

    /// <summary>
    /// The cas that the entry must have: of <see cref="PutMode.CompareAndSet"/>, and unless it is 0 of append and prepend.
    /// </summary>
    public ulong Compare { get; init; }

    /// <summary>
    /// With <see cref="PutMode.CompareAndSet"/>: a value that comes too late, with a lower cas than the entry has, is stored
    /// all the same, but is stale; expiration and token stay.
    /// </summary>
    public bool AcceptsStale { get; init; }

    /// <summary>The cas that clients see from then on; 0: the shard's next.</summary>
    public ulong NewCas { get; init; }

    /// <summary>With append and prepend: an absent key is stored, and expires then.</summary>
    public Expiration? Creation { get; init; }

    /// <summary>The tags of an entry that is stored anew; of an entry that append or prepend finds they stay.</summary>
    public EntryTags Tags { get; init; }

    /// <summary>Whether the client writes the key in base64.</summary>
    public bool HasBinaryKey { get; init; }

    /// <summary>The shard's own cas that the entry must have, instead of <see cref="Compare"/>; 0 for none.</summary>
    internal ulong Sequence { get; init; }

    internal bool IsJoin => Mode is PutMode.Append or PutMode.Prepend;

    /// <summary>What an entry that is stored anew has.</summary>
    internal Expiration NewExpiration => IsJoin ? Creation ?? Expiration : Expiration;
}
