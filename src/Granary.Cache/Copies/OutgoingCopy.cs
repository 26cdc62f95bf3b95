using Granary.Shards;
using Granary.Store.Copies;

namespace Granary.Cache.Copies;

/// <summary>A copy that this silo makes of a shard which it serves. Under the lock of <see cref="OutgoingCopies"/>.</summary>
internal sealed class OutgoingCopy(int shard, long term, SiloAddress target, long id, CopyKind kind, ShardFeed feed)
{
    public int Shard { get; } = shard;

    /// <summary>The term at which the shard is served here.</summary>
    public long Term { get; } = term;

    public SiloAddress Target { get; } = target;

    public long Id { get; } = id;

    public CopyKind Kind { get; } = kind;

    public ShardFeed Feed { get; } = feed;

    /// <summary>Steps that have left.</summary>
    public int Number { get; set; }

    /// <summary>When the last step left: a timestamp of the clock.</summary>
    public long SentAt { get; set; }

    /// <summary>Whether the target may believe that it has everything. Set before it can, cleared when it cannot.</summary>
    public bool MayBeComplete { get; set; }

    /// <summary>Whether the target has everything up to <see cref="Acknowledged"/>.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The changes that the target has.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Whether the target is to serve the shard as soon as it has everything.</summary>
    public bool IsMoving { get; set; }

    /// <summary>Since when it is moving: a timestamp of the clock.</summary>
    public long MovingSince { get; set; }

    /// <summary>The shard is sealed: the copy's last step can leave.</summary>
    public bool IsSealed { get; set; }

    /// <summary>When it was sealed: a timestamp of the clock.</summary>
    public long SealedAt { get; set; }

    /// <summary>Whether the last step has left.</summary>
    public bool IsFinalSent { get; set; }

    /// <summary>Whether the target has the last step: the shard's activation can follow.</summary>
    public bool IsFinal { get; set; }

    /// <summary>Whether the activation has been sent to the target.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>The copy is not wanted any more, and the target is to be told.</summary>
    public bool IsUnwanted { get; set; }

    /// <summary>It is over: the target has dropped it, or has gone.</summary>
    public bool IsGone { get; set; }
}
