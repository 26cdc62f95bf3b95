using System.Globalization;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>The workloads, in the order of a round.</summary>
internal static class WorkloadCatalog
{
    /// <summary>
    /// What every server does first, unreported: they compile, fill their pools and preallocate on first use.
    /// </summary>
    public static IQueueWorkload WarmUpFor(IQueueUnderTest subject) => subject.IsStream
        ? new StreamWorkload("warm-up", "unreported", window: 256)
        : new SendWorkload("warm-up", "unreported", senders: 1, window: 256, batch: 1);

    public static IReadOnlyList<IQueueWorkload> All(IEnumerable<int> rates) =>
    [
        new SendWorkload("w1", "confirmed sends, 1 under way", senders: 1, window: 1, batch: 1),
        new SendWorkload("w2-1", "confirmed sends, window 256", senders: 1, window: 256, batch: 1),
        new SendWorkload("w2-4", "confirmed sends, 4 senders of window 256", senders: 4, window: 256, batch: 1),
        new SendWorkload("w2-batch", "confirmed batches of 100, 2 under way", senders: 1, window: 2, batch: 100),
        new DrainWorkload("w3-each", "drain, prefetch 256, each completed by itself", batch: 1),
        new DrainWorkload("w3-batch", "drain, prefetch 256, batches of 100 completed", batch: 100),
        new EndToEndWorkload(),
        .. rates.Select(rate => new PacedWorkload(
            string.Create(CultureInfo.InvariantCulture, $"w4-{rate}"),
            string.Create(CultureInfo.InvariantCulture, $"end to end at {rate} msg/s, from intended send to receipt"),
            rate)),
        new WorkersWorkload("w5", "8 workers of prefetch 16, 1 ms of work on each message", Trouble.None),
        new FanOutWorkload(),
        new RequestWorkload("w7-1", "requests and replies, 1 under way", window: 1),
        new RequestWorkload("w7-32", "requests and replies, 32 under way", window: 32),
        new DelayedWorkload(),
        new IdleWakeUpWorkload(),
        new StreamWorkload("s1", "stream, 1 event under way, from its send to its subscriber", window: 1),
        new StreamWorkload("s2", "stream, 256 events under way, from the send to the subscriber", window: 256),
        new BacklogWorkload(),
        new WorkersWorkload("w11-none", "w5 without trouble, to compare with", Trouble.None),
        new WorkersWorkload("w11-poison", "w5 where 1 of 1000 messages fails ten times and is dead then", Trouble.Poison),
        new WorkersWorkload("w11-stuck", "w5 beside a worker that holds 16 messages to the end", Trouble.Stuck),
        new WorkersWorkload("w11-slow", "w5 beside a worker that takes 100 ms for each message", Trouble.Slow),
    ];
}
