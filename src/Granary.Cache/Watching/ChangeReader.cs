using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Store.Watching;
using Granary.Wire;

namespace Granary.Cache.Watching;

/// <summary>Tells clients what has changed of the values that they keep. Thread-safe.</summary>
internal sealed class ChangeReader(ShardRegistry registry, ServingLease lease, TimeProvider time)
{
    private const int MaxWaiting = 1024;
    private const int MaxChanges = 4096;

    private static readonly TimeSpan MaxPatience = TimeSpan.FromSeconds(1); // below the call's timeout

    private int _waiting;

    /// <summary>Changes since the client asked last, or from now on; waits a little if there are none.</summary>
    /// <exception cref="GranaryException">This silo may not answer for its shards now, or too many clients wait.</exception>
    public async ValueTask<WatchReply> ReadAsync(WatchRequest request)
    {
        ThrowUnlessServing();
        ChangeLog log = registry.Store.Changes;
        log.Begin();
        if (request.Log == log.Id)
        {
            await WaitAsync(log, request);
            long position = request.Position;
            if (log.TryRead(ref position, MaxChanges, out WatchedChange[] changes))
            {
                ThrowUnlessServing(); // after the read: what was not in the log then had not happened while this silo served
                return new WatchReply { Log = log.Id, Position = position, Changes = Array.ConvertAll(changes, Convert) };
            }
        }

        long end = log.End; // before the shards: what ends meanwhile is behind it
        int[] shards = [.. Enumerable.Range(0, registry.ShardCount).Where(registry.Store.IsOpen)];
        return new WatchReply { Log = log.Id, Position = end, Shards = shards };
    }

    private static EntryChange Convert(WatchedChange change) =>
        new((EntryChangeKind)change.Kind, change.Subject, change.Cas); // the same numbers

    private async ValueTask WaitAsync(ChangeLog log, WatchRequest request)
    {
        Task change = log.AfterAsync(request.Position);
        if (change.IsCompleted)
        {
            return;
        }

        TimeSpan patience = request.Patience < MaxPatience ? request.Patience : MaxPatience;
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            {
                throw new GranaryException($"More than {MaxWaiting} clients watch this silo for changes.");
            }

            await change.WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void ThrowUnlessServing()
    {
        if (!lease.Check())
        {
            throw new GranaryException("This silo does not serve its shards now.");
        }
    }
}
