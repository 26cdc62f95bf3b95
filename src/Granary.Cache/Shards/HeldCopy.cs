using Granary.Shards;
using Granary.Store;
using Granary.Store.Copies;

namespace Granary.Cache.Shards;

/// <summary>Entries of a shard that this silo holds and does not serve. Under the slot's lock.</summary>
/// <param name="kind">What it is.</param>
/// <param name="term">The term at which it was made.</param>
/// <param name="owner">Who made it.</param>
/// <param name="id">The owner's number for it; 0 for a parked one.</param>
internal sealed class HeldCopy(CopyKind kind, long term, SiloAddress owner, long id)
{
    /// <summary>The term of what was saved before this run: terms begin at 1.</summary>
    public const long SavedTerm = 0;

    private int _number;

    public CopyKind Kind { get; private set; } = kind;

    public long Term { get; } = term;

    public SiloAddress Owner { get; } = owner;

    public long Id { get; } = id;

    /// <summary>Whether it has had everything that the owner had, and every step since.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the owner has sealed the shard and sent the last of it.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>The owner's changes that it has; of replicas, so that the newest can be told.</summary>
    public long Changes { get; private set; }

    /// <summary>When the owner was heard last: a timestamp of the clock.</summary>
    public long HeardAt { get; private set; }

    /// <summary>
    /// Whether a silo that asks around may serve it. A move's copy is served only by the activation whose ticket names
    /// it, because its owner may have taken the shard back and gone on.
    /// </summary>
    public bool IsOffered => Kind == CopyKind.Parked || (Kind == CopyKind.Replica && IsComplete);

    /// <summary>Whether its owner means it by this number.</summary>
    public bool IsNamed(SiloAddress owner, long copy) => Id == copy && Owner.Equals(owner);

    /// <summary>Whether a ticket is for it.</summary>
    public bool IsNamedBy(OpeningTicket ticket, long promised) => ticket.Copy == 0
        ? ticket.Term == promised && IsOffered
        : ticket.Term == Term + 1 && ticket.Term > promised && IsFinal && Id == ticket.Copy;

    /// <summary>
    /// Whether nobody will complete or serve it. A replica whose owner has died waits for who will; and one whose owner is
    /// silent, if the owner acknowledges nothing without it: it may be dead, and nobody can declare it so for the moment.
    /// </summary>
    public bool IsGivenUp(Func<SiloAddress, bool> isActive, TimeSpan silence, bool isAwaited, TimeProvider time)
    {
        bool isSilent = time.GetElapsedTime(HeardAt) > silence;
        return Kind != CopyKind.Parked
            && (isActive(Owner) ? isSilent && !(isAwaited && IsOffered) : !IsOffered && (isSilent || !IsFinal));
    }

    /// <summary>Takes the next step.</summary>
    /// <returns><see langword="false"/> if steps are missing or the frame cannot be read: the copy is worth nothing.</returns>
    public bool TryTake(CopyStep step, CacheStore store, long now)
    {
        HeardAt = now;
        if (step.Number <= _number)
        {
            return true; // the answer was lost, not the step; or it went two ways
        }

        if (step.Number != _number + 1)
        {
            return false;
        }

        if (step.Frame.Length > 0)
        {
            ApplyResult result = store.Apply(step.Shard, step.Frame.Span);
            if (result.Outcome != ApplyOutcome.Applied)
            {
                return false;
            }

            Changes = result.CoveredChanges;
        }

        _number = step.Number;
        Kind = step.Kind;
        IsComplete = step.Steps.HasFlag(CopySteps.Complete);
        IsFinal = step.Steps.HasFlag(CopySteps.Final);
        return true;
    }
}
