namespace Granary.Store.Entries;

/// <summary>The condition of a deletion, and what is left of the entry.</summary>
public readonly record struct DeleteOptions
{
    /// <summary>The cas that the entry must have.</summary>
    public ulong? Compare { get; init; }

    /// <summary>It stays, and is stale: the next reader gets its token. It has a new cas.</summary>
    public bool MarksStale { get; init; }

    /// <summary>It stays, with an empty value. It has the same cas, unless it is marked stale or given one.</summary>
    public bool DropsValue { get; init; }

    /// <summary>The client's flags of an entry whose value is dropped.</summary>
    public uint Flags { get; init; }

    /// <summary>When what stays expires. Without it what is stale expires as before, and what is empty never.</summary>
    public Expiration? Touch { get; init; }

    /// <summary>The cas that clients see of what stays; 0 for none.</summary>
    public ulong NewCas { get; init; }
}
