using Granary.Cache.Membership;
using Granary.Wire;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Shards;

/// <summary>
/// Opens shards that were activated here, once every active silo has told the terms that it has served. Shards that are
/// activated at about the same time share the question.
/// </summary>
internal sealed class ShardOpener(
    ShardRegistry registry, ClusterView view, TimeProvider time, ILogger<ShardOpener> logger)
{
    private static readonly TimeSpan ActivationWait = TimeSpan.FromMilliseconds(200); // design section 4
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private List<Opening> _waiting = [];
    private Task _round = Task.CompletedTask;

    private readonly record struct Opening(int Shard, long Incarnation);

    /// <summary>Returns when the shard is open, or after a moment, with the rest to be done in the background.</summary>
    public async Task OpenAsync(int shard, long incarnation, CancellationToken cancellationToken)
    {
        Task opened;
        lock (_lock)
        {
            _waiting.Add(new Opening(shard, incarnation));
            opened = _waiting.Count == 1 ? _round = RunRoundAfterAsync(_round) : _round;
        }

        try
        {
            await opened.WaitAsync(ActivationWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            logger.OpeningInBackground(shard);
        }
    }

    // The shards that come while a round is under way make up the next one.
    private async Task RunRoundAfterAsync(Task previous)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        List<Opening> openings;
        lock (_lock)
        {
            openings = _waiting;
            _waiting = [];
        }

        int[] shards = [.. openings.Select(opening => opening.Shard)];
        long[] terms = new long[shards.Length];
        var answered = new HashSet<SiloAddress> { view.Self };
        int departures = view.Departures;
        while (!await TryAskAllAsync(shards, terms, answered))
        {
            await Task.Delay(RetryDelay, time);
        }

        for (int index = 0; index < openings.Count; index++)
        {
            registry.Open(shards[index], openings[index].Incarnation, terms[index], departures);
        }
    }

    // Asks the silos that have not answered yet. Done when all that are in the view now have.
    private async Task<bool> TryAskAllAsync(int[] shards, long[] terms, HashSet<SiloAddress> answered)
    {
        SiloAddress[] open = [.. view.Current.Silos.Where(silo => !answered.Contains(silo))];
        (SiloAddress Silo, long[]? Terms)[] answers =
            await Task.WhenAll(open.Select(silo => AskAsync(silo, shards)));
        foreach ((SiloAddress silo, long[]? heard) in answers)
        {
            if (heard is not null)
            {
                answered.Add(silo);
                for (int index = 0; index < terms.Length; index++)
                {
                    terms[index] = Math.Max(terms[index], heard[index]);
                }
            }
        }

        return view.Current.Silos.All(answered.Contains);
    }

    private async Task<(SiloAddress Silo, long[]? Terms)> AskAsync(SiloAddress silo, int[] shards)
    {
        try
        {
            ShardInquiryReply reply = await view.ServiceOf(silo).InquireAsync(new ShardInquiry(shards));
            return (silo, reply.Terms);
        }
        catch (Exception exception) // the edge: the question is asked again until all have answered
        {
            logger.SiloDoesNotAnswer(silo, exception);
            return (silo, null);
        }
    }
}
