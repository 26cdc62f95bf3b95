using System.Diagnostics.Metrics;
using Granary.Queues.Doors;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Microsoft.Extensions.Hosting;

namespace Granary.Queues.Grains;

/// <summary>
/// The queues as this silo sees them, as metrics: of its own partitions, so that the silos add up. Levels and counters are
/// read when somebody asks; only how long commits take is recorded as they are written. A hosted service only to be there
/// from the start on.
/// </summary>
internal sealed class QueueMeter : IHostedService
{
    private const string Name = "Granary.Queues";

    // From a fast disk's flush to an operation's patience. Seconds.
    private static readonly double[] Bounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

    private readonly Meter _meter;
    private readonly QueueKeeper _keeper;
    private readonly WaitingReceivers _waiting;
    private readonly SharedReading<IReadOnlyList<QueueRow>> _census;

    public QueueMeter(IMeterFactory meters, QueueKeeper keeper, WaitingReceivers waiting, TimeProvider time)
    {
        _meter = meters.Create(Name); // the factory's to dispose
        _keeper = keeper;
        _waiting = waiting;
        _census = new SharedReading<IReadOnlyList<QueueRow>>(keeper.Census.Read, time);
        AddLevels();
        AddCounters();
        AddLog();
        keeper.CommitDurations = Duration("commit", "From when a partition's commit begins to wait until it is written.");
        keeper.OpeningDurations = Duration(
            "opening", "From when a partition may be opened on this silo until its messages can be received.");
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Histogram<double> Duration(string of, string description) => _meter.CreateHistogram(
        $"granary.queue.{of}.duration",
        "s",
        description,
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });

    private void AddLevels()
    {
        _meter.CreateObservableGauge(
            "granary.queue.messages",
            () => _census.Value.SelectMany(ByState),
            "{message}",
            "Messages of the partitions that are open on this silo.");
        Level("partitions", "{partition}", "Partitions that are open on this silo.", static row => row.Partitions);
        Level(
            "paused",
            "{partition}",
            "Partitions that are open on this silo and give nothing out, because their queue is paused.",
            static row => row.PausedPartitions);
        _meter.CreateObservableGauge(
            "granary.queue.waiting_receivers",
            ReadWaiting,
            "{receiver}",
            "Receives that wait for a message at this silo, wherever the queue's partitions are.");
        Level(
            "oldest_ready",
            "s",
            "How long the oldest message that is ready has been there.",
            static row => row.Statistics.OldestReadyAge.TotalSeconds);
        Level(
            "oldest_lease",
            "s",
            "How long the longest lease has run.",
            static row => row.Statistics.OldestLeaseAge.TotalSeconds);
    }

    private void AddCounters()
    {
        Count("sent", "Messages stored.", static total => total.Sent);
        Count("duplicates", "Sent again under a MessageId that is remembered: not stored.", static total => total.Duplicates);
        Count("received", "Given to receivers.", static total => total.Received);
        Count("redelivered", "Given to receivers, not for the first time.", static total => total.Redelivered);
        Count("completed", "Completed.", static total => total.Completed);
        Count("abandoned", "Given back as failed, and to be tried again.", static total => total.Abandoned);
        Count("lapsed", "Leases that ended by themselves.", static total => total.Lapsed);
        Count("dead_lettered", "Dead-lettered, for any reason.", static total => total.DeadLettered);
        Count("expired", "Dropped because their time to live had ended.", static total => total.Expired);
    }

    private void AddLog()
    {
        _meter.CreateObservableCounter(
            "granary.queue.commits",
            () => OfLog((_, tally) => LogTally.Outcomes.Select(outcome => new Measurement<long>(
                tally.Count(outcome), Tag("outcome", outcome.ToString().ToLowerInvariant())))),
            "{commit}",
            "Commits of partitions, by what became of them.");
        _meter.CreateObservableCounter(
            "granary.queue.transactions",
            () => OfLog(static (log, _) =>
            [
                new(log.StrictTransactions, Tag("durability", "strict")), // waited for the disk
                new(log.Transactions - log.StrictTransactions, Tag("durability", "relaxed")),
            ]),
            "{transaction}",
            "Transactions of the log: one has the commits of all partitions that waited.");
        _meter.CreateObservableGauge(
            "granary.queue.log.has_room",
            () => OfLog(static (log, _) => [new(log.HasRoom ? 1 : 0)]),
            unit: null,
            "Whether the log takes messages: 1, or 0 when its disk is full.");
        _meter.CreateObservableGauge(
            "granary.queue.log.damage",
            () => OfLog(static (log, _) => [new(log.Damage.Count)]),
            "{place}",
            "Places of the log that are damaged; their partitions serve nobody.");
    }

    // Nothing on a silo that keeps no queues.
    private IEnumerable<Measurement<long>> OfLog(Func<IPartitionLog, LogTally, IEnumerable<Measurement<long>>> read) =>
        _keeper.KeptLog is var (log, tally) ? read(log, tally) : [];

    // Doors are also of queues that have no partition here; those that have one are told of though nobody waits.
    private IEnumerable<Measurement<int>> ReadWaiting()
    {
        Dictionary<string, int> counts = _waiting.Read();
        foreach (QueueRow row in _census.Value.Where(static row => row.Queue != QueueCensus.OtherQueues))
        {
            counts.TryAdd(row.Queue, 0);
        }

        KeyValuePair<string, int>[] all =
        [
            .. counts.OrderBy(static one => one.Value == 0).ThenBy(static one => one.Key, StringComparer.Ordinal),
        ];
        IEnumerable<Measurement<int>> told = all.Take(QueueCensus.MaxQueues)
            .Select(static one => new Measurement<int>(one.Value, Tag("queue", one.Key)));
        return all.Length <= QueueCensus.MaxQueues
            ? told
            : told.Append(new Measurement<int>(
                all.Skip(QueueCensus.MaxQueues).Sum(static one => one.Value), Tag("queue", QueueCensus.OtherQueues)));
    }

    private void Level(string name, string unit, string description, Func<QueueRow, double> read) =>
        _meter.CreateObservableGauge(
            $"granary.queue.{name}",
            () => _census.Value.Select(row => new Measurement<double>(read(row), Tag("queue", row.Queue))),
            unit,
            description);

    private void Count(string name, string description, Func<QueueCounters, long> read) =>
        _meter.CreateObservableCounter(
            $"granary.queue.{name}",
            () => _census.Value.Select(
                row => new Measurement<long>(read(row.Statistics.Total), Tag("queue", row.Queue))),
            "{message}",
            description);

    private static Measurement<long>[] ByState(QueueRow row)
    {
        KeyValuePair<string, object?> queue = Tag("queue", row.Queue);
        QueueStatistics now = row.Statistics;
        return
        [
            new(now.Ready, queue, Tag("state", "ready")),
            new(now.Delayed, queue, Tag("state", "delayed")),
            new(now.Leased, queue, Tag("state", "leased")),
            new(now.Deferred, queue, Tag("state", "deferred")),
            new(now.Dead, queue, Tag("state", "dead")),
        ];
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
