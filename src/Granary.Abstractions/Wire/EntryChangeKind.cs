namespace Granary.Wire;

/// <summary>What an <see cref="EntryChange"/> is about. The numbers are the wire format and are never reused.</summary>
public enum EntryChangeKind : byte
{
    /// <summary>Nothing that this process knows.</summary>
    None = 0,

    /// <summary>An entry was changed: the subject is <see cref="ShardHash.Of"/> of its key.</summary>
    Entry = 1,

    /// <summary>The entries of a tag were dropped: the subject is its hash.</summary>
    Tag = 2,

    /// <summary>
    /// A shard is served from now on, or was flushed: what was read of it before counts no more. The subject is its number.
    /// </summary>
    ShardBegun = 3,

    /// <summary>A shard is served by this silo no more. The subject is its number.</summary>
    ShardEnded = 4,
}
