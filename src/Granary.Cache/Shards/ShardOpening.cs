using Granary.Shards;

namespace Granary.Cache.Shards;

/// <summary>
/// The way of one activation from its claim to serving the shard, or to giving it to the silo that holds the newest copy.
/// Says what to ask whom and takes the answers; sends nothing itself. One thread at a time.
/// </summary>
internal sealed class ShardOpening(int shard, long incarnation, OpeningTicket? ticket, ShardSlot slot, SiloAddress self)
{
    private readonly HashSet<SiloAddress> _answered = [];
    private long _highestAnnounced;
    private long _minimumView;
    private long _decidesAt;
    private SiloAddress? _holder;
    private ShardAnswer _best;

    public OpeningPhase Phase { get; private set; } = OpeningPhase.New;

    public ShardClaim Claim { get; private set; }

    /// <summary>Whether a silo still has to answer in this phase.</summary>
    public bool IsOpenQuestion(SiloAddress silo) => !_answered.Contains(silo);

    /// <summary>Goes on as far as the answers allow.</summary>
    /// <param name="members">All active silos, this one included, and draining ones.</param>
    /// <param name="viewVersion">The version of that view.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="noLeaseAt">The timestamp when nobody who is out of that view can serve any more.</param>
    public void Advance(IReadOnlyCollection<SiloAddress> members, long viewVersion, long now, long noLeaseAt)
    {
        if (Phase == OpeningPhase.New)
        {
            Begin();
        }

        if (Phase == OpeningPhase.Inquiring
            && HasAllAnswers(members, viewVersion)
            && now >= Math.Max(_decidesAt, noLeaseAt))
        {
            Decide();
        }

        if (Phase == OpeningPhase.Announcing && HasAllAnswers(members, viewVersion))
        {
            Phase = slot.TryOpen(incarnation, Claim.Term) ? OpeningPhase.Done : OpeningPhase.New;
            Advance(members, viewVersion, now, noLeaseAt);
        }
    }

    /// <summary>Takes the answer to the claim's inquiry.</summary>
    /// <param name="silo">Who answers.</param>
    /// <param name="claim">The claim that it was asked about.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="viewVersion">The version of its view.</param>
    /// <param name="noLeaseAt">The timestamp when nobody who is out of its view can serve any more.</param>
    public void Inquired(SiloAddress silo, ShardClaim claim, ShardAnswer answer, long viewVersion, long noLeaseAt)
    {
        if (Phase != OpeningPhase.Inquiring || claim != Claim)
        {
            return;
        }

        if (answer.Promised != claim.Term)
        {
            Refused(answer.Promised);
            return;
        }

        _answered.Add(silo);
        _minimumView = Math.Max(_minimumView, viewVersion);
        _decidesAt = Math.Max(_decidesAt, noLeaseAt);
        _highestAnnounced = Math.Max(_highestAnnounced, answer.Announced);
        if (answer.Copy != CopyKind.None && (_holder is null || IsNewer(answer, _best)))
        {
            _holder = silo;
            _best = answer;
        }
    }

    /// <summary>Takes the answer to the claim's announcement.</summary>
    public void Announced(SiloAddress silo, ShardClaim claim, long promised, long viewVersion)
    {
        if (Phase != OpeningPhase.Announcing || claim != Claim)
        {
            return;
        }

        if (promised != claim.Term)
        {
            Refused(promised);
            return;
        }

        _answered.Add(silo);
        _minimumView = Math.Max(_minimumView, viewVersion);
    }

    // What was parked is what its owner had; a replica may lack what was not acknowledged.
    private static bool IsNewer(in ShardAnswer left, in ShardAnswer right) =>
        (left.CopyTerm, left.Copy == CopyKind.Parked, left.Changes).CompareTo(
            (right.CopyTerm, right.Copy == CopyKind.Parked, right.Changes)) > 0;

    private bool HasAllAnswers(IReadOnlyCollection<SiloAddress> members, long viewVersion) =>
        viewVersion >= _minimumView && members.All(_answered.Contains);

    private void Begin()
    {
        if (!slot.TryClaim(incarnation, ticket, out long term, out bool needsInquiry))
        {
            Phase = OpeningPhase.Done;
            return;
        }

        Claim = new ShardClaim(shard, term);
        Restart(OpeningPhase.Inquiring);
        if (needsInquiry)
        {
            Inquired(self, Claim, slot.Inquire(self, term), viewVersion: 0, noLeaseAt: 0);
        }
        else
        {
            Announce(adopts: true);
        }
    }

    private void Decide()
    {
        if (_holder is null || _best.CopyTerm < _highestAnnounced)
        {
            Announce(adopts: false); // there is none, or somebody has served the shard since: a miss is better
        }
        else if (_holder.Equals(self))
        {
            Announce(adopts: true);
        }
        else
        {
            slot.Activation?.Migrate(_holder, new OpeningTicket(Claim.Term, Copy: 0));
            Phase = OpeningPhase.Done;
        }
    }

    private void Announce(bool adopts)
    {
        Restart(OpeningPhase.Announcing);
        _answered.Add(self);
        if (!slot.TryBeginAnnouncing(incarnation, Claim.Term, adopts))
        {
            Phase = OpeningPhase.New;
        }
    }

    private void Refused(long promised)
    {
        slot.Heard(promised);
        Phase = OpeningPhase.New;
    }

    private void Restart(OpeningPhase phase)
    {
        Phase = phase;
        _answered.Clear();
        _minimumView = 0;
        if (phase == OpeningPhase.Inquiring)
        {
            _decidesAt = 0;
            _holder = null;
            _highestAnnounced = 0;
        }
    }
}
