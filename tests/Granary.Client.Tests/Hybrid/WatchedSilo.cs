using Granary.Client.Tests.Doubles;
using Granary.Store.Watching;
using Granary.Wire;

namespace Granary.Client.Tests.Hybrid;

/// <summary>The changes of a store, told as a silo does. Answers are held, or failures, when the test says so.</summary>
internal sealed class WatchedSilo(RealOwner owner, TimeProvider time)
{
    private int _asked;

    /// <summary>Requests that have come.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Awaited before an answer.</summary>
    public Func<Task>? BeforeAnswer { get; set; }

    public async ValueTask<WatchReply> WatchAsync(WatchRequest request)
    {
        ChangeLog log = owner.Store.Changes;
        log.Begin();
        Task waiting = request.Log == log.Id
            ? log.AfterAsync(request.Position).WaitAsync(request.Patience, time)
            : Task.CompletedTask;
        Interlocked.Increment(ref _asked); // it waits
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (BeforeAnswer is { } before)
        {
            await before();
        }

        long position = request.Position;
        if (request.Log == log.Id && log.TryRead(ref position, 100, out WatchedChange[] changes))
        {
            return new WatchReply
            {
                Log = log.Id,
                Position = position,
                Changes = Array.ConvertAll(
                    changes, static change => new EntryChange((EntryChangeKind)change.Kind, change.Subject, change.Cas)),
            };
        }

        int[] all = [.. Enumerable.Range(0, FakeCluster.ShardCount)];
        return new WatchReply { Log = log.Id, Position = log.End, Shards = all };
    }
}
