using System.Collections.Concurrent;
using Granary.Cache.Membership;
using Granary.Shards;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Shards;

// Nobody serves a shard while its activation is on its way. The first activations that come to a process, and that leave
// one, take ten times as long as later ones: code is compiled, connections are made. So before the first shard goes from
// this silo to another one an activation of no use does, until it is quick.

/// <summary>Rehearses moves to other silos, one at a time to each. Thread-safe.</summary>
internal sealed class MoveRehearsals(
    IGrainFactory grains, ClusterView view, TimeProvider time, ILogger<MoveRehearsals> logger)
{
    private const int MaxRounds = 5;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);

    // A silo that is so slow, or that is too old to know rehearsals, gets its shards without.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<SiloAddress, Task> _rehearsals = new();

    /// <summary>Begins with the silos that are new, and forgets those that have left.</summary>
    public void Follow(ViewSnapshot snapshot)
    {
        foreach (SiloAddress silo in _rehearsals.Keys)
        {
            if (!snapshot.IsMember(silo))
            {
                _rehearsals.TryRemove(silo, out _);
            }
        }

        foreach (SiloAddress silo in snapshot.Members)
        {
            if (!silo.Equals(view.Self) && !_rehearsals.ContainsKey(silo))
            {
                _rehearsals[silo] = RehearseAsync(silo);
            }
        }
    }

    /// <summary>Whether shards may go to a silo.</summary>
    public bool AreOver(SiloAddress target) => _rehearsals.TryGetValue(target, out Task? task) && task.IsCompleted;

    /// <summary>Returns when shards may go to a silo, which <see cref="Follow"/> has seen.</summary>
    public Task WhenOverAsync(SiloAddress target) => _rehearsals[target];

    private async Task RehearseAsync(SiloAddress target)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            int rounds = 0;
            TimeSpan elapsed;
            do
            {
                long began = time.GetTimestamp();
                await view.DirectServiceOf(target).CopyAsync(new CopyBatch(view.Self, []));
                await MoveAsync(target, patience.Token).WaitAsync(patience.Token);
                elapsed = time.GetElapsedTime(began);
            }
            while (++rounds < MaxRounds && elapsed > Quick);

            logger.Rehearsed(target, rounds, elapsed.TotalMilliseconds);
        }
        catch (Exception exception) // the edge: shards move in any case, only slower
        {
            logger.NotRehearsed(target, exception);
        }
    }

    private async Task MoveAsync(SiloAddress target, CancellationToken cancellationToken)
    {
        IMoveRehearsalGrain grain = grains.GetGrain<IMoveRehearsalGrain>(Guid.NewGuid());
        await grain.LocateAsync();
        await grain.MoveAsync(target);
        while (!target.Equals(await grain.LocateAsync()))
        {
            await Task.Delay(PollPeriod, time, cancellationToken);
        }

        await grain.EndAsync();
    }
}
