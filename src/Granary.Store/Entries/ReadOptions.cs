namespace Granary.Store.Entries;

/// <summary>What a read does beside reading.</summary>
public readonly record struct ReadOptions
{
    /// <summary>Whether the value is wanted; else an empty one is handed.</summary>
    public bool WantsValue { get; init; }

    /// <summary>Whether <see cref="EntryDetails.SecondsUnused"/> is wanted: that takes a look at 256 numbers.</summary>
    public bool WantsUse { get; init; }

    /// <summary>The entry expires then from now on, and has no window any more.</summary>
    public Expiration? Touch { get; init; }

    /// <summary>An absent key is stored with an empty value that expires then, and the reader has its token.</summary>
    public Expiration? Creation { get; init; }

    /// <summary>The cas that clients see of an entry that is created; 0: the shard's next.</summary>
    public ulong NewCas { get; init; }

    /// <summary>Whether the client writes the key of an entry that is created in base64.</summary>
    public bool HasBinaryKey { get; init; }

    /// <summary>An entry that expires before that has a token for one reader, who is to store it anew.</summary>
    public Expiration? Refresh { get; init; }

    /// <summary>Whether <see cref="Refresh"/> looks at the expiration that <see cref="Touch"/> gives it.</summary>
    public bool RefreshesAfterTouch { get; init; }

    /// <summary>It is no use of the entry: for eviction, marks and windows nothing has happened.</summary>
    public bool IsNoUse { get; init; }

    /// <summary>
    /// The reader keeps the value, and reads <see cref="CacheStore.Changes"/> to learn when it is old. It gets no token.
    /// </summary>
    public bool Watches { get; init; }

    /// <summary>No token is given out: the reader may not store the entry anew, and who may is to get it.</summary>
    public bool TakesNoToken { get; init; }

    /// <summary>It only looks: it is neither a hit nor a miss, and no token is given out.</summary>
    public bool IsInspection { get; init; }
}
