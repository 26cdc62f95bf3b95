using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Shards;

namespace Granary.Cache.Copies;

// A shard goes to another silo, and a replica is kept there, by one mechanism: an ordered stream of frames from the shard's
// store, first all that is in it, then its changes as they come. A move ends it: when the target has everything, the shard
// is sealed here, the last frame is sent, and the activation follows it with a ticket that names the copy.
//
// Until the target has answered the last frame the owner may take the shard back; nobody can have served the copy, because
// only the ticket opens it. Once the activation is on its way there is no way back: whatever happens is found out by the
// next activation, which asks around (ShardOpening).
//
// A replica that may believe to be complete can be served after a crash of this silo. So answers wait for it (ChangeGate)
// from before its completing frame leaves until it is known to have been dropped or its silo has left the view.

/// <summary>All copies that this silo makes of the shards it serves. Thread-safe; its lock is outside the slots'.</summary>
internal sealed class OutgoingCopies
{
    // So little to send, still, that a shard can be sealed: a few hundred microseconds' worth.
    private const int MaxBytesAtSeal = 16 << 10;

    private static readonly TimeSpan SealPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ShardRegistry _registry;
    private readonly ReplicaMode _mode;
    private readonly TimeProvider _time;
    private readonly List<OutgoingCopy>[] _copies;
    private readonly Dictionary<SiloAddress, CopySender> _senders = [];
    private long _lastId;
    private MoveTally _moved;

    public OutgoingCopies(ShardRegistry registry, ReplicaMode mode, TimeProvider time)
    {
        _registry = registry;
        _mode = mode;
        _time = time;
        _copies = [.. Enumerable.Range(0, registry.ShardCount).Select(_ => new List<OutgoingCopy>())];
        _lastId = time.GetUtcNow().Ticks; // above those of a predecessor on this address
    }

    /// <summary>Whether each shard is to have a replica.</summary>
    public bool HasReplicas => _mode != ReplicaMode.None;

    /// <summary>Silos to which there is something to send.</summary>
    public SiloAddress[] Targets
    {
        get
        {
            lock (_lock)
            {
                return [.. _senders.Keys];
            }
        }
    }

    /// <summary>What is under way.</summary>
    public CopyProgress Progress
    {
        get
        {
            lock (_lock)
            {
                return Measure_NeedsLock();
            }
        }
    }

    /// <summary>The moves that have come to their end.</summary>
    public MoveTally Moved
    {
        get
        {
            lock (_lock)
            {
                return _moved;
            }
        }
    }

    /// <summary>The silo that has a complete replica of a shard served here; <see langword="null"/> if none has.</summary>
    public SiloAddress? ReplicaOf(int shard)
    {
        lock (_lock)
        {
            return _copies[shard].Find(static copy => copy is { IsComplete: true, IsGone: false, Kind: CopyKind.Replica })?.Target;
        }
    }

    /// <summary>Whether a shard served here is on its way to another silo.</summary>
    public bool IsMoving(int shard)
    {
        lock (_lock)
        {
            return _copies[shard].Exists(static copy => copy.IsMoving);
        }
    }

    /// <summary>Begins and ends copies as the view wants it, and takes care of what has been waiting too long.</summary>
    /// <param name="view">The view.</param>
    /// <param name="mayMoveTo">Whether shards that belong to a silo may go there now.</param>
    public void Follow(ViewSnapshot view, Func<SiloAddress, bool> mayMoveTo)
    {
        lock (_lock)
        {
            for (int shard = 0; shard < _copies.Length; shard++)
            {
                Follow_NeedsLock(shard, view, mayMoveTo);
            }

            foreach ((SiloAddress target, CopySender sender) in _senders)
            {
                if (sender.IsIdle || !view.IsMember(target))
                {
                    _senders.Remove(target);
                }
            }
        }

        for (int shard = 0; shard < _copies.Length; shard++)
        {
            _registry[shard].Gate.Expire();
        }
    }

    /// <summary>The message that a silo is to get now.</summary>
    /// <returns><see langword="null"/> if there is nothing to say.</returns>
    public CopyBatch? Next(SiloAddress target)
    {
        lock (_lock)
        {
            if (!_senders.TryGetValue(target, out CopySender? sender))
            {
                return null;
            }

            sender.Sealed.Follow(
                shard => !_registry.Self.Equals(_registry[shard].Owner), shard => _registry[shard].ServedTerm != 0);
            foreach (OutgoingCopy copy in sender.Copies)
            {
                Advance_NeedsLock(copy);
            }

            CopyBatch? batch = sender.Next();
            foreach (CopyStep step in batch?.Steps ?? [])
            {
                if (step.Steps.HasFlag(CopySteps.Complete))
                {
                    SetGate_NeedsLock(step.Shard); // before the target can be complete
                }
            }

            return batch;
        }
    }

    /// <summary>A silo has answered the message.</summary>
    public void Answered(SiloAddress target, CopyBatchReply reply)
    {
        lock (_lock)
        {
            if (!_senders.TryGetValue(target, out CopySender? sender))
            {
                return;
            }

            PendingStep[] steps = sender.Answered(reply);
            for (int index = 0; index < steps.Length && index < reply.Replies.Length; index++)
            {
                Take_NeedsLock(steps[index], reply.Replies[index]);
            }
        }
    }

    private void Follow_NeedsLock(int shard, ViewSnapshot view, Func<SiloAddress, bool> mayMoveTo)
    {
        ShardSlot slot = _registry[shard];
        List<OutgoingCopy> copies = _copies[shard];
        foreach (OutgoingCopy copy in copies)
        {
            if (!view.IsMember(copy.Target) || !slot.IsHeldAt(copy.Term))
            {
                End(copy);
            }
            else if (copy.Feed.IsBroken)
            {
                copy.IsUnwanted = true;
            }
        }

        long term = slot.ServedTerm;
        if (term != 0)
        {
            Want_NeedsLock(shard, term, view, mayMoveTo);
        }

        foreach (OutgoingCopy copy in copies)
        {
            Advance_NeedsLock(copy);
        }

        Clean_NeedsLock(shard);
    }

    private void Want_NeedsLock(int shard, long term, ViewSnapshot view, Func<SiloAddress, bool> mayMoveTo)
    {
        List<OutgoingCopy> copies = _copies[shard];
        SiloAddress? owner = view.OwnerOf(shard);
        bool isOurs = owner is null || owner.Equals(_registry.Self);
        SiloAddress? next = !isOurs && mayMoveTo(owner!) ? owner : null;
        SiloAddress? heir = isOurs && _mode != ReplicaMode.None ? view.HeirOf(shard) : null;
        OutgoingCopy? wanted = null;
        if ((next ?? heir) is { } target)
        {
            wanted = CopyTo(target, copies)
                ?? Begin_NeedsLock(shard, term, target, next is null ? CopyKind.Replica : CopyKind.Move);
            wanted.MovingSince = wanted.IsMoving ? wanted.MovingSince : _time.GetTimestamp();
            wanted.IsMoving = next is not null;
        }

        foreach (OutgoingCopy copy in copies)
        {
            // An old replica goes when the new one is complete; not at all while the shard itself is about to go.
            bool isKept = copy == wanted
                || (copy.Kind == CopyKind.Replica && (!isOurs || wanted is { IsComplete: false }));
            copy.IsUnwanted |= !isKept;
        }
    }

    // Loops here and in Clean_NeedsLock: a closure for each shard at each look was half of all that a silo allocates.
    private static OutgoingCopy? CopyTo(SiloAddress target, List<OutgoingCopy> copies)
    {
        foreach (OutgoingCopy copy in copies)
        {
            if (copy.Target.Equals(target) && !copy.IsUnwanted)
            {
                return copy;
            }
        }

        return null;
    }

    private OutgoingCopy Begin_NeedsLock(int shard, long term, SiloAddress target, CopyKind kind)
    {
        var copy = new OutgoingCopy(shard, term, target, ++_lastId, kind, _registry.Store.OpenFeed(shard));
        _copies[shard].Add(copy);
        if (!_senders.TryGetValue(target, out CopySender? sender))
        {
            _senders.Add(target, sender = new CopySender(_registry.Self, target, _time));
        }

        sender.Add(copy);
        return copy;
    }

    private void Take_NeedsLock(PendingStep pending, CopyStepReply reply)
    {
        OutgoingCopy copy = pending.Copy;
        switch (reply.Outcome)
        {
            case CopyStepOutcome.Applied when !pending.Step.Steps.HasFlag(CopySteps.Drop):
                copy.Acknowledged = pending.Covered;
                copy.IsComplete = pending.Step.Steps.HasFlag(CopySteps.Complete);
                copy.MayBeComplete = copy.IsComplete;
                copy.IsFinal = pending.Step.Steps.HasFlag(CopySteps.Final);
                break;
            case CopyStepOutcome.Refused:
                _registry[copy.Shard].StepDown(copy.Term, reply.Promised);
                End(copy);
                break;
            default: // dropped there, or not known
                End(copy);
                break;
        }

        Advance_NeedsLock(copy);
        Clean_NeedsLock(copy.Shard);
    }

    private void Advance_NeedsLock(OutgoingCopy copy)
    {
        ShardSlot slot = _registry[copy.Shard];
        if (copy.IsSealed)
        {
            AdvanceSealed_NeedsLock(copy, slot);
        }
        else if (copy is { IsMoving: true, IsComplete: true, IsUnwanted: false, IsGone: false }
            && copy.Feed.WaitingBytes <= MaxBytesAtSeal
            && _senders.TryGetValue(copy.Target, out CopySender? sender) && sender.Sealed.HasRoom
            && slot.TrySeal(copy.Term))
        {
            copy.IsSealed = true;
            copy.SealedAt = _time.GetTimestamp();
            sender.Sealed.Add(copy.Shard);
        }
    }

    private void AdvanceSealed_NeedsLock(OutgoingCopy copy, ShardSlot slot)
    {
        TimeSpan elapsed = _time.GetElapsedTime(copy.SealedAt);
        if (copy.IsFollowed)
        {
            if (elapsed > FollowPatience)
            {
                slot.StopSealed(copy.Term); // it did not leave: whoever calls the shard next activates it somewhere
            }
        }
        else if (copy.IsFinal)
        {
            copy.IsFollowed = true;
            _moved = _moved.Add(_time.GetElapsedTime(copy.MovingSince));
            slot.Activation?.Migrate(copy.Target, new OpeningTicket(copy.Term + 1, copy.Id));
        }
        else if ((copy.IsGone || elapsed > SealPatience) && slot.TryUnseal(copy.Term))
        {
            copy.IsSealed = false;
            copy.IsUnwanted = true;
            _senders.GetValueOrDefault(copy.Target)?.Sealed.Remove(copy.Shard);
        }
    }

    private static void End(OutgoingCopy copy)
    {
        copy.IsGone = true;
        copy.Feed.Dispose();
    }

    private void Clean_NeedsLock(int shard)
    {
        List<OutgoingCopy> copies = _copies[shard];
        for (int index = copies.Count - 1; index >= 0; index--)
        {
            if (copies[index] is { IsGone: true } copy && !(copy.IsSealed && _registry[shard].IsHeldAt(copy.Term)))
            {
                copies.RemoveAt(index);
            }
        }

        SetGate_NeedsLock(shard);
    }

    private void SetGate_NeedsLock(int shard)
    {
        ShardSlot slot = _registry[shard];
        if (_mode != ReplicaMode.Sync || slot.State == ShardState.Closed)
        {
            return; // the slot itself has answered what was waiting
        }

        long acknowledged = long.MaxValue;
        foreach (OutgoingCopy copy in _copies[shard])
        {
            if (copy.IsFinal)
            {
                acknowledged = long.MaxValue; // the next owner has everything
                break;
            }

            if (copy is { MayBeComplete: true, IsGone: false, Kind: CopyKind.Replica })
            {
                acknowledged = Math.Min(acknowledged, copy.Acknowledged);
            }
        }

        if (acknowledged == long.MaxValue)
        {
            slot.Gate.Open();
        }
        else
        {
            slot.Gate.Require(acknowledged);
        }
    }

    private CopyProgress Measure_NeedsLock()
    {
        var progress = default(CopyProgress);
        for (int shard = 0; shard < _copies.Length; shard++)
        {
            if (_registry[shard].State is ShardState.Closed or ShardState.Opening)
            {
                continue;
            }

            List<OutgoingCopy> copies = _copies[shard];
            OutgoingCopy? moving = copies.Find(static copy => copy.IsMoving);
            long bytes = moving is null ? 0 : _registry.Store.GetStatistics(shard).EntryBytes;
            progress += new CopyProgress(
                Moving: moving is null ? 0 : 1,
                MovingBytesLeft: Math.Max(0, bytes - (moving?.Feed.BytesRead ?? 0)),
                Protected: copies.Exists(static copy => copy is { IsComplete: true, Kind: CopyKind.Replica }) ? 1 : 0);
        }

        return progress;
    }
}
