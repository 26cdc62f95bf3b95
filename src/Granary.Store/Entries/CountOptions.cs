namespace Granary.Store.Entries;

/// <summary>How an unsigned decimal is counted.</summary>
public readonly record struct CountOptions
{
    /// <summary>How much.</summary>
    public ulong Delta { get; init; }

    /// <summary>Subtract: stops at 0. Adding wraps at 2^64.</summary>
    public bool IsNegative { get; init; }

    /// <summary>The cas that the entry must have; 0 for any.</summary>
    public ulong Compare { get; init; }

    /// <summary>The cas that clients see from then on; 0: the shard's next.</summary>
    public ulong NewCas { get; init; }

    /// <summary>The entry expires then from now on, and has no window any more.</summary>
    public Expiration? Touch { get; init; }

    /// <summary>An absent key is stored with <see cref="Initial"/>, and expires then.</summary>
    public Expiration? Creation { get; init; }

    /// <summary>The number of an entry that is created; nothing is added to it.</summary>
    public ulong Initial { get; init; }

    /// <summary>Whether the client writes the key of an entry that is created in base64.</summary>
    public bool HasBinaryKey { get; init; }
}
