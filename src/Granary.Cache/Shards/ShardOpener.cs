using Granary.Cache.Membership;
using Granary.Shards;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Shards;

/// <summary>
/// Brings activations to the point where their shards are served: carries the questions of all of them to the other silos,
/// together, one message of a kind under way to each. Thread-safe.
/// </summary>
internal sealed class ShardOpener
{
    private static readonly TimeSpan ActivationWait = TimeSpan.FromMilliseconds(200); // design section 4
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly ShardRegistry _registry;
    private readonly ClusterView _view;
    private readonly TimeProvider _time;
    private readonly ILogger<ShardOpener> _logger;
    private readonly Lock _lock = new();
    private readonly List<(ShardOpening Opening, TaskCompletionSource Done)> _openings = [];
    private readonly HashSet<SiloAddress> _asked = [];

    public ShardOpener(ShardRegistry registry, ClusterView view, TimeProvider time, ILogger<ShardOpener> logger)
    {
        _registry = registry;
        _view = view;
        _time = time;
        _logger = logger;
        view.Changed += _ => Pump();
    }

    /// <summary>Returns when the shard is served, or after a moment, with the rest to be done in the background.</summary>
    public async Task OpenAsync(int shard, long incarnation, OpeningTicket? ticket, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _openings.Add((new ShardOpening(shard, incarnation, ticket, _registry[shard], _view.Self), done));
        }

        Pump();
        try
        {
            await done.Task.WaitAsync(ActivationWait, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _logger.OpeningInBackground(shard);
        }
    }

    /// <summary>
    /// Goes on with every opening, and asks each silo that is not being asked what it has not answered yet. Called also
    /// from time to time, for the openings that wait for a silo that may still serve.
    /// </summary>
    public void Pump()
    {
        var questions = new List<(SiloAddress Silo, ShardOpening[] Inquiring, ShardOpening[] Announcing)>();
        lock (_lock)
        {
            ViewSnapshot view = _view.Current;
            if (_openings.Count == 0 || !view.IsMember(_view.Self))
            {
                return; // the view follows as soon as the membership says so
            }

            long noLeaseAt = After(_view.LeaseOfTheLost);
            long now = _time.GetTimestamp(); // after that: it has come if there is no such lease
            foreach ((ShardOpening opening, TaskCompletionSource done) in _openings)
            {
                opening.Advance(view.Members, view.MembershipVersion, now, noLeaseAt);
                if (opening.Phase == OpeningPhase.Done)
                {
                    done.SetResult();
                }
            }

            _openings.RemoveAll(static item => item.Opening.Phase == OpeningPhase.Done);
            foreach (SiloAddress silo in view.Members.Where(silo => !silo.Equals(_view.Self) && !_asked.Contains(silo)))
            {
                ShardOpening[] inquiring = InPhase_NeedsLock(OpeningPhase.Inquiring, silo);
                ShardOpening[] announcing = InPhase_NeedsLock(OpeningPhase.Announcing, silo);
                if (inquiring.Length + announcing.Length > 0)
                {
                    _asked.Add(silo);
                    questions.Add((silo, inquiring, announcing));
                }
            }
        }

        foreach ((SiloAddress silo, ShardOpening[] inquiring, ShardOpening[] announcing) in questions)
        {
            _ = AskAsync(silo, inquiring, announcing);
        }
    }

    /// <summary>Asks every silo what it would for a shard, of no shard.</summary>
    public Task RehearseAsync(CancellationToken cancellationToken)
    {
        ViewSnapshot view = _view.Current;
        return Task.WhenAll(view.Members.Where(silo => !silo.Equals(_view.Self)).Select(silo => Task.WhenAll(
            _view.ServiceOf(silo).InquireAsync(new ShardInquiry(_view.Self, view.MembershipVersion, [])).AsTask(),
            _view.ServiceOf(silo).AnnounceAsync(new ShardAnnouncement(_view.Self, [])).AsTask())))
            .WaitAsync(cancellationToken);
    }

    private ShardOpening[] InPhase_NeedsLock(OpeningPhase phase, SiloAddress silo) =>
        [.. _openings.Select(static item => item.Opening)
            .Where(opening => opening.Phase == phase && opening.IsOpenQuestion(silo))];

    private async Task AskAsync(SiloAddress silo, ShardOpening[] inquiring, ShardOpening[] announcing)
    {
        try
        {
            await Task.WhenAll(InquireAsync(silo, inquiring), AnnounceAsync(silo, announcing));
        }
        catch (Exception exception) // the edge: the question is asked again until all have answered
        {
            _logger.SiloDoesNotAnswer(silo, exception);
            await Task.Delay(RetryDelay, _time);
        }

        lock (_lock)
        {
            _asked.Remove(silo);
        }

        Pump();
    }

    private async Task InquireAsync(SiloAddress silo, ShardOpening[] openings)
    {
        if (openings.Length == 0)
        {
            return;
        }

        ShardClaim[] claims = ClaimsOf(openings);
        ShardInquiryReply reply = await _view.ServiceOf(silo).InquireAsync(
            new ShardInquiry(_view.Self, _view.Current.MembershipVersion, claims));
        long noLeaseAt = After(reply.LeaseOfTheLost);
        lock (_lock)
        {
            for (int index = 0; index < claims.Length; index++)
            {
                openings[index].Inquired(silo, claims[index], reply.Answers[index], reply.ViewVersion, noLeaseAt);
            }
        }
    }

    private async Task AnnounceAsync(SiloAddress silo, ShardOpening[] openings)
    {
        if (openings.Length == 0)
        {
            return;
        }

        ShardClaim[] claims = ClaimsOf(openings);
        ShardAnnouncementReply reply =
            await _view.ServiceOf(silo).AnnounceAsync(new ShardAnnouncement(_view.Self, claims));
        lock (_lock)
        {
            for (int index = 0; index < claims.Length; index++)
            {
                openings[index].Announced(silo, claims[index], reply.Promised[index], reply.ViewVersion);
            }
        }
    }

    private long After(TimeSpan time) => _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);

    private ShardClaim[] ClaimsOf(ShardOpening[] openings)
    {
        lock (_lock)
        {
            return [.. openings.Select(static opening => opening.Claim)];
        }
    }
}
