using Granary.Shards;

namespace Granary.Cache.Shards;

/// <summary>Entries of a shard that this silo holds and does not serve. Under the slot's lock.</summary>
/// <param name="kind">What it is.</param>
/// <param name="term">The term at which it was made.</param>
/// <param name="owner">Who made it.</param>
/// <param name="id">The owner's number for it; 0 for a parked one.</param>
internal sealed class HeldCopy(CopyKind kind, long term, SiloAddress owner, long id)
{
    public CopyKind Kind { get; set; } = kind;

    public long Term { get; } = term;

    public SiloAddress Owner { get; } = owner;

    public long Id { get; } = id;

    /// <summary>Steps applied.</summary>
    public int Number { get; set; }

    /// <summary>Whether it has had everything that the owner had, and every step since.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether the owner has sealed the shard and sent the last of it.</summary>
    public bool IsFinal { get; set; }

    /// <summary>The owner's changes that it has; of replicas, so that the newest can be told.</summary>
    public long Changes { get; set; }

    /// <summary>When the owner was heard last: a timestamp of the clock.</summary>
    public long HeardAt { get; set; }

    /// <summary>
    /// Whether a silo that asks around may serve it. A move's copy is served only by the activation whose ticket names
    /// it, because its owner may have taken the shard back and gone on.
    /// </summary>
    public bool IsOffered => Kind == CopyKind.Parked || (Kind == CopyKind.Replica && IsComplete);
}
