using Granary.Cache.Tests.Doubles;
using Granary.Watching;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Watching;

/// <summary>What silos tell of changes, and who keeps values hears.</summary>
public sealed class ShardWatchesTests
{
    private static readonly WatchReply Begun = new() { Log = 1, Position = 0, Shards = [0] };

    private static readonly WatchReply Changed = new()
    {
        Log = 1,
        Position = 4,
        Changes =
        [
            new EntryChange(EntryChangeKind.Entry, 1, 5),
            new EntryChange(EntryChangeKind.Tag, 7, 0),
            new EntryChange(EntryChangeKind.Entry, 2, 1),
            new EntryChange(EntryChangeKind.Entry, 1, 6),
        ],
    };

    // What was read when the entry had cas 6 would be thrown away for its cas 5.
    [Fact]
    public async Task Changes_OfOneEntry_AreToldByTheLastOfThemAsync()
    {
        var heeded = new TaskCompletionSource();
        var replies = new Queue<WatchReply>([Begun, Changed]);
        var peer = new FakePeer(TestShards.Other)
        {
            Watch = _ =>
            {
                if (replies.TryDequeue(out WatchReply? reply))
                {
                    return new ValueTask<WatchReply>(reply);
                }

                heeded.TrySetResult();
                return new ValueTask<WatchReply>(new TaskCompletionSource<WatchReply>().Task);
            },
        };
        var heard = new List<(ulong Subject, ulong Cas)>();
        using var watches = new ShardWatches(
            new FakeTimeProvider(),
            TimeSpan.FromSeconds(1),
            rest: TimeSpan.Zero,
            change => heard.Add((change.Subject, change.Cas)),
            static (_, _) => { });

        watches.Follow(1, [new ServedSilo { Name = "other", Address = TestShards.Other, Gateway = null, Draining = false, Service = peer }]);
        await heeded.Task.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);

        Assert.NotNull(watches.WatchOf(0));
        Assert.Equal([(1UL, 6UL), (2UL, 1UL), (7UL, 0UL)], heard.Order());
    }
}
