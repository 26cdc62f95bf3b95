using Granary.Cache.Copies;
using Granary.Shards;
using Granary.Store;

namespace Granary.Cache.Shards;

// Who may serve a shard is decided as in Paxos, with every active silo instead of a majority, because a silo that is left
// out could still hold an older copy:
//
//   inquire   the silo that has the activation claims a term; each silo promises to follow no lower one, stops serving,
//             and says what it holds
//   announce  the claimer tells every other silo that it is about to serve at the term; older copies are dropped
//
// Only then does it serve. So a copy may be served at a later term exactly if it was made at the highest term that any
// silo has heard announced: nobody has served the shard since. A move skips the question: its ticket names the copy that
// the last owner has completed after it stopped serving, and the term.

/// <summary>One shard on this silo. Thread-safe; its lock is taken outside the store's.</summary>
internal sealed class ShardSlot(int shard, CacheStore store, SiloAddress self, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly ShardTerms _terms = new();
    private readonly BegunCopies _begun = new();
    private ShardState _state;
    private IShardActivation? _activation;
    private long _incarnation;
    private long _term;
    private HeldCopy? _copy;

    /// <summary>Holds back the answers to the shard's changes until its replicas have them.</summary>
    public ChangeGate Gate { get; } = new(time);

    /// <summary>The silo that serves the shard as far as this one knows: see <see cref="ShardTerms.Owner"/>.</summary>
    public SiloAddress? Owner => _terms.Owner;

    /// <summary>The highest term that this silo has heard announced.</summary>
    public long Announced => _terms.Announced;

    /// <summary>The shard has been found at a silo: see <see cref="ShardTerms.Located"/>.</summary>
    public void Located(SiloAddress silo, long announced)
    {
        lock (_lock) { _terms.Located(silo, announced); }
    }

    public ShardState State
    {
        get { lock (_lock) { return _state; } }
    }

    /// <summary>The activation that holds the shard here; <see langword="null"/> when closed.</summary>
    public IShardActivation? Activation
    {
        get { lock (_lock) { return _activation; } }
    }

    /// <summary>The term at which the shard is served here; 0 if it is not.</summary>
    public long ServedTerm
    {
        get { lock (_lock) { return _state == ShardState.Open ? _term : 0; } }
    }

    /// <summary>Whether the shard is served here at a term, or sealed at it.</summary>
    public bool IsHeldAt(long term)
    {
        lock (_lock) { return _term == term && _state is (ShardState.Open or ShardState.Sealed); }
    }

    /// <summary>What is held here and not served.</summary>
    public CopyKind Copy
    {
        get { lock (_lock) { return _copy?.Kind ?? CopyKind.None; } }
    }

    /// <summary>The store has entries from before this run: of a term below all at which anybody has served.</summary>
    public void HoldSaved()
    {
        lock (_lock)
        {
            _copy = new HeldCopy(CopyKind.Parked, HeldCopy.SavedTerm, self, id: 0);
        }
    }

    /// <summary>Drops those entries, unless they are served by now.</summary>
    public void DropSaved()
    {
        lock (_lock)
        {
            if (_copy is { Term: HeldCopy.SavedTerm })
            {
                DropCopy_NeedsLock();
            }
        }
    }

    /// <summary>An activation begins: it is not served before <see cref="TryOpen"/>.</summary>
    /// <returns>Names this activation.</returns>
    public long BeginOpening(IShardActivation activation)
    {
        lock (_lock)
        {
            Close_NeedsLock();
            _state = ShardState.Opening;
            _activation = activation;
            return ++_incarnation;
        }
    }

    /// <summary>Claims the shard for this silo: with a ticket, its copy and its term; else at a term above all known.</summary>
    /// <returns><see langword="false"/> if the activation has ended.</returns>
    public bool TryClaim(long incarnation, OpeningTicket? ticket, out long term, out bool needsInquiry)
    {
        lock (_lock)
        {
            term = 0;
            needsInquiry = false;
            if (!IsOpening_NeedsLock(incarnation))
            {
                return false;
            }

            needsInquiry = ticket is null || _copy?.IsNamedBy(ticket.Value, _terms.Promised) != true;
            term = needsInquiry ? _terms.Next : ticket!.Value.Term;
            _terms.Promise(self, term);
            return true;
        }
    }

    /// <summary>Another silo claims the shard, or this one itself: promises to follow no lower term.</summary>
    public ShardAnswer Inquire(SiloAddress asker, long term)
    {
        lock (_lock)
        {
            if (term > _terms.Promised || (term == _terms.Promised && _terms.IsPromisedTo(asker)))
            {
                _terms.Promise(asker, term);
                if (!asker.Equals(self))
                {
                    Stop_NeedsLock("Another silo has activated the shard.");
                }
            }

            bool offers = _copy is { IsOffered: true };
            return new ShardAnswer
            {
                Promised = _terms.IsPromisedTo(asker) || _terms.Promised > term ? _terms.Promised : term + 1,
                Announced = _terms.Announced,
                Copy = offers ? _copy!.Kind : CopyKind.None,
                CopyTerm = offers ? _copy!.Term : 0,
                Changes = offers ? _copy!.Changes : 0,
            };
        }
    }

    /// <summary>A silo is about to serve the shard: older copies here are dropped.</summary>
    /// <returns>The highest term promised: <paramref name="term"/> if it is accepted.</returns>
    public long Announce(SiloAddress owner, long term)
    {
        lock (_lock)
        {
            if (term >= _terms.Promised)
            {
                _terms.Announce(owner, term);
                Stop_NeedsLock("Another silo serves the shard.");
                DropCopy_NeedsLock();
            }

            return _terms.Promised;
        }
    }

    /// <summary>
    /// This silo is about to announce its claim. The copy that it will serve is one of that term from now on: if the
    /// claim fails half announced, it is still the newest there is.
    /// </summary>
    /// <returns><see langword="false"/> if the activation has ended, or somebody has claimed the shard since.</returns>
    public bool TryBeginAnnouncing(long incarnation, long term, bool adopts)
    {
        lock (_lock)
        {
            if (!IsOpening_NeedsLock(incarnation) || _terms.Promised != term)
            {
                return false;
            }

            _terms.Announce(self, term);
            if (!adopts)
            {
                DropCopy_NeedsLock();
            }

            _copy = new HeldCopy(CopyKind.Parked, term, self, id: 0);
            return true;
        }
    }

    /// <summary>Serves the shard: its claim has been announced.</summary>
    /// <param name="incarnation">What <see cref="BeginOpening"/> returned.</param>
    /// <param name="term">The claim's.</param>
    /// <returns><see langword="false"/> if the activation has ended, or somebody has claimed the shard since.</returns>
    public bool TryOpen(long incarnation, long term)
    {
        lock (_lock)
        {
            if (!IsOpening_NeedsLock(incarnation) || _terms.Promised != term)
            {
                return false;
            }

            _copy = null;
            _term = term;
            _state = ShardState.Open;
            Gate.Open();
            store.Open(shard);
            return true;
        }
    }

    /// <summary>The activation has ended: what it served is parked.</summary>
    public void Close(long incarnation)
    {
        lock (_lock)
        {
            if (_incarnation == incarnation)
            {
                Close_NeedsLock();
            }
        }
    }

    /// <summary>Serves the shard no more; nobody changes it when this returns.</summary>
    public bool TrySeal(long term)
    {
        lock (_lock)
        {
            if (_state != ShardState.Open || _term != term)
            {
                return false;
            }

            Park_NeedsLock();
            _state = ShardState.Sealed;
            return true;
        }
    }

    /// <summary>Serves a sealed shard again, if nobody has claimed it since.</summary>
    public bool TryUnseal(long term)
    {
        lock (_lock)
        {
            if (_state != ShardState.Sealed || _term != term || _terms.Promised != term)
            {
                return false;
            }

            _copy = null;
            _state = ShardState.Open;
            store.Open(shard);
            return true;
        }
    }

    /// <summary>Ends an activation whose shard is sealed, and which has not gone where it was sent.</summary>
    public void StopSealed(long term)
    {
        lock (_lock)
        {
            if (_state == ShardState.Sealed && _term == term)
            {
                Stop_NeedsLock("The shard's activation did not follow its entries.");
            }
        }
    }

    /// <summary>This silo has heard that it does not own the shard any more.</summary>
    public void StepDown(long term, long promised)
    {
        lock (_lock)
        {
            if (_term == term && promised > term && _state is (ShardState.Open or ShardState.Sealed))
            {
                _terms.Raise(promised);
                Stop_NeedsLock("Another silo has activated the shard.");
            }
        }
    }

    /// <summary>A claim of this silo was refused: the next one is above this term.</summary>
    public void Heard(long promised)
    {
        lock (_lock)
        {
            _terms.Heard(promised);
        }
    }

    /// <summary>A step of a copy that the shard's owner makes here.</summary>
    public CopyStepReply Receive(SiloAddress owner, CopyStep step)
    {
        lock (_lock)
        {
            if (step.Term < _terms.Promised)
            {
                return new CopyStepReply(CopyStepOutcome.Refused, _terms.Promised);
            }

            if (step.Term > _terms.Promised)
            {
                _terms.Announce(owner, step.Term); // this silo was not there when it was announced
                Stop_NeedsLock("Another silo serves the shard.");
            }

            return new CopyStepReply(
                _state == ShardState.Closed ? Apply_NeedsLock(owner, step) : CopyStepOutcome.Broken, _terms.Promised);
        }
    }

    /// <summary>Drops a copy that its living owner has not confirmed for a while, or cannot complete any more.</summary>
    public void Expire(Func<SiloAddress, bool> isActive, TimeSpan silence, bool isAwaited)
    {
        lock (_lock)
        {
            if (_state == ShardState.Closed && _copy?.IsGivenUp(isActive, silence, isAwaited, time) == true)
            {
                DropCopy_NeedsLock();
            }
        }
    }

    private bool IsOpening_NeedsLock(long incarnation) =>
        _incarnation == incarnation && _state == ShardState.Opening;

    private CopyStepOutcome Apply_NeedsLock(SiloAddress owner, CopyStep step)
    {
        bool isKnown = _copy?.IsNamed(owner, step.Copy) == true;
        if (step.Steps.HasFlag(CopySteps.Drop))
        {
            if (isKnown && _copy!.Kind != CopyKind.Parked)
            {
                DropCopy_NeedsLock();
            }

            return CopyStepOutcome.Applied;
        }

        if (!isKnown && !(step.Steps.HasFlag(CopySteps.Begin) && _begun.TryBegin(owner, step.Copy)))
        {
            return CopyStepOutcome.Broken;
        }

        if (!isKnown)
        {
            DropCopy_NeedsLock();
            _copy = new HeldCopy(step.Kind, step.Term, owner, step.Copy);
        }

        if (_copy!.TryTake(step, store, time.GetTimestamp()))
        {
            return CopyStepOutcome.Applied;
        }

        DropCopy_NeedsLock();
        return CopyStepOutcome.Broken;
    }

    private void Stop_NeedsLock(string reason)
    {
        IShardActivation? activation = _activation;
        Close_NeedsLock();
        activation?.Deactivate(reason);
    }

    private void Close_NeedsLock()
    {
        if (_state == ShardState.Open)
        {
            Park_NeedsLock();
        }

        _state = ShardState.Closed;
        _activation = null;
        Gate.Fail();
    }

    private void Park_NeedsLock()
    {
        store.Close(shard);
        _copy = new HeldCopy(CopyKind.Parked, _term, self, id: 0);
    }

    private void DropCopy_NeedsLock()
    {
        if (_copy is not null)
        {
            store.Clear(shard);
            _copy = null;
        }
    }
}
