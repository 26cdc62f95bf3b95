using Granary.Administration.Reading;
using Granary.Queues;
using Granary.Reports;

namespace Granary.Administration.Queues;

/// <summary>Looks at queues, and does what operators do with them. Thread-safe.</summary>
/// <remarks>
/// What is asked wrongly is an <see cref="ArgumentException"/>, an outage a <see cref="GranaryException"/>, an
/// <see cref="OrleansException"/> or a <see cref="TimeoutException"/>.
/// </remarks>
/// <param name="grains">Of a silo or of a client.</param>
/// <param name="time">The clock.</param>
public sealed class QueueReader(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Most messages of a page.</summary>
    public const int MaxPage = 100;

    /// <summary>Most messages that one action is about.</summary>
    public const int MaxAction = 1000;

    // Of a list that is read again and again: a database that hangs is told of, and is not to hang who asks.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private IQueueCatalogGrain Catalog => grains.GetGrain<IQueueCatalogGrain>(0);

    /// <summary>All queues. An outage is in the answer.</summary>
    /// <param name="reading">With <see cref="ReportParts.Queues"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<QueueList> ListAsync(ClusterReading reading, CancellationToken cancellationToken)
    {
        try
        {
            QueueDefinition[] definitions =
                await Catalog.ListAsync().AsTask().WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            return QueueStates.Of(definitions, reading);
        }
        catch (Exception exception) when (exception is GranaryException or OrleansException or TimeoutException)
        {
            return QueueStates.Unavailable(time.GetUtcNow(), exception.Message);
        }
    }

    /// <summary>One queue, topic or subscription.</summary>
    /// <returns><see langword="null"/> if it is not there.</returns>
    public async Task<QueueDetail?> FindAsync(string name, ClusterReading reading, CancellationToken cancellationToken)
    {
        SubscriptionName.Check(name);
        (string queue, string? subscription) = SubscriptionName.Read(name);
        QueueDefinition? definition = await Catalog.FindAsync(queue).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        SubscriptionDefinition? found = subscription is null ? null : definition?.Find(subscription);
        if (definition is null || (subscription is not null && found is null))
        {
            return null;
        }

        PartitionState[] partitions = await Task.WhenAll(Enumerable.Range(0, definition.Partitions)
                .Select(partition => ReadAsync(PartitionKey.Of(name, found?.Creation ?? definition.Creation), partition)))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        PeekedContent[] failing = definition.Topic is not null && subscription is null
            ? []
            : await grains.GetGrain<IQueueGrain>(name).PeekFailingAsync(1).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return new QueueDetail(
            QueueStates.Of([definition], reading).Queues.First(one => one.Name == name),
            QueueOptionsState.Of(found?.Options ?? definition.Options),
            partitions,
            failing.Select(MessageView.Of).FirstOrDefault());
    }

    /// <summary>Messages of one state.</summary>
    /// <param name="name">Of which queue or subscription; it must be there.</param>
    /// <param name="state">Which state.</param>
    /// <param name="from">Where to begin: what the page before said. <see langword="null"/>: at the first.</param>
    /// <param name="max">At most so many, up to <see cref="MaxPage"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MessagePage> PeekAsync(
        string name, MessageState state, string? from, int max, CancellationToken cancellationToken)
    {
        await CheckIsThereAsync(name, cancellationToken).ConfigureAwait(false);
        MessagePosition start = from is null ? new MessagePosition(0, 0) : PositionOf(from);
        int count = Math.Clamp(max, 1, MaxPage);
        List<MessageView> found = []; // not their bodies, which may be long
        while (found.Count < count)
        {
            PeekedContent[] more = await grains.GetGrain<IQueueGrain>(name)
                .PeekAsync(state, start, count - found.Count).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (more.Length == 0)
            {
                break;
            }

            found.AddRange(more.Select(MessageView.Of));
            start = new MessagePosition(more[^1].Partition, more[^1].Description.Offset + 1);
        }

        return new MessagePage(found, found.Count == count ? $"{start}" : null);
    }

    /// <summary>Makes dead letters ready again.</summary>
    /// <param name="name">Of which queue or subscription.</param>
    /// <param name="position">Of one; <see langword="null"/>: of all.</param>
    /// <param name="max">At most so many, up to <see cref="MaxAction"/>.</param>
    /// <param name="cancellationToken">Gives up; it may be done nevertheless.</param>
    /// <returns>How many. Fewer than <paramref name="max"/>: there are no more.</returns>
    public async Task<int> RedriveAsync(string name, string? position, int max, CancellationToken cancellationToken)
    {
        await CheckIsThereAsync(name, cancellationToken).ConfigureAwait(false);
        return await grains.GetGrain<IQueueGrain>(name)
            .RedriveAsync(FilterOf(position), Math.Clamp(max, 1, MaxAction)).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes messages of one state for good.</summary>
    /// <inheritdoc cref="RedriveAsync"/>
    public async Task<int> PurgeAsync(
        string name, MessageState state, string? position, int max, CancellationToken cancellationToken)
    {
        await CheckIsThereAsync(name, cancellationToken).ConfigureAwait(false);
        return await grains.GetGrain<IQueueGrain>(name)
            .PurgeAsync(state, FilterOf(position), Math.Clamp(max, 1, MaxAction)).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets receivers get nothing, or something again.</summary>
    /// <exception cref="ArgumentException">It is not there, or is a topic.</exception>
    public async Task SetPausedAsync(string name, bool isPaused, CancellationToken cancellationToken)
    {
        if (!await Catalog.SetPausedAsync(name, isPaused).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            throw NotThere(name);
        }
    }

    private async Task<PartitionState> ReadAsync(string key, int partition)
    {
        try
        {
            QueueStatistics statistics = await grains.GetGrain<IQueuePartitionGrain>(partition, key).GetStatisticsAsync().ConfigureAwait(false);
            return new PartitionState(
                partition,
                statistics.Ready,
                statistics.Leased,
                statistics.Delayed,
                statistics.Dead,
                statistics.Ready > 0 ? statistics.OldestReadyAge.TotalSeconds : null,
                Damaged: null);
        }
        catch (GranaryQueueDamagedException exception)
        {
            return new PartitionState(partition, 0, 0, 0, 0, null, exception.Message);
        }
    }

    // A look must not make a queue, as its use does.
    private async Task CheckIsThereAsync(string name, CancellationToken cancellationToken)
    {
        SubscriptionName.Check(name);
        (string queue, string? subscription) = SubscriptionName.Read(name);
        QueueDefinition? definition = await Catalog.FindAsync(queue).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (definition is null || (subscription is not null && definition.Find(subscription) is null))
        {
            throw NotThere(name);
        }
    }

    private static ArgumentException NotThere(string name) => new($"There is no queue or subscription '{name}'.", nameof(name));

    private static DeadFilter FilterOf(string? position) =>
        position is null ? DeadFilter.All : new DeadFilter(Positions: [PositionOf(position)]);

    private static MessagePosition PositionOf(string text) => MessagePosition.TryParse(text, out MessagePosition position)
        ? position
        : throw new ArgumentException($"'{text}' is no position of a message: PARTITION.OFFSET.", nameof(text));
}
