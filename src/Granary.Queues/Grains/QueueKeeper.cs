using System.Diagnostics.Metrics;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Queues.Grains;

/// <summary>
/// On a silo that keeps queues: its storage, opened before the silo joins, and the definitions of all queues, of which the
/// storage is the truth. On a silo that keeps none it does nothing. Thread-safe.
/// </summary>
/// <param name="options">Who keeps queues, and where.</param>
/// <param name="silo">This one.</param>
/// <param name="lifetime">Tells when it stops.</param>
/// <param name="time">For leases, due times and expirations.</param>
/// <param name="logger">Told what is kept, and what is damaged.</param>
/// <param name="members">The cluster's; needed where its silos share a database.</param>
/// <param name="places">The partitions'; needed where the silos share a database.</param>
internal sealed class QueueKeeper(
    IOptions<QueueSiloOptions> options,
    ILocalSiloDetails silo,
    IHostApplicationLifetime lifetime,
    SteadyTimeProvider time,
    ILogger<QueueKeeper> logger,
    IClusterMembers? members = null,
    PartitionPlaces? places = null) : ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LostPatience = TimeSpan.FromSeconds(5);

    // An opening takes milliseconds.
    private static readonly TimeSpan SlowOpening = TimeSpan.FromSeconds(1);

    // Any answer will do.
    private const string NoQueue = "";

    // Of changes that others make at the same time.
    private const int MaxAttempts = 100;

    private Task<QueueStorage>? _opening; // of a folder
    private QueueStorage? _storage;
    private volatile Task _asking = Task.CompletedTask;

    /// <summary>The owners of the partitions that are here.</summary>
    public QueueCensus Census { get; } = new(time);

    /// <summary>Gets the time of each commit that is written. Seconds. Set before the start.</summary>
    public Histogram<double>? CommitDurations { get; set; }

    /// <summary>Gets the time of each opening of a partition. Seconds. Set before the start.</summary>
    public Histogram<double>? OpeningDurations { get; set; }

    /// <summary>The log of this silo's partitions, and what became of their commits; null where it keeps no queues.</summary>
    public (IPartitionLog Log, LogTally Tally)? KeptLog => _storage is { } storage ? (storage.Log, storage.Tally) : null;

    /// <summary>The silo has been told to stop: nobody shall wait for messages any more.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Where partitions belong; <see langword="null"/>: all on one silo.</summary>
    public PartitionPlaces? Places => options.Value.StoreConnection is null ? null : places;

    /// <summary>Whether this silo has the queues' definitions.</summary>
    public bool HasStorage => _storage is not null;

    /// <summary>
    /// Whether this silo may answer by what it has in memory. If it has been stopped for long others may have its
    /// partitions; what it writes the database refuses, but leases are not written.
    /// </summary>
    public bool MayAnswer => Places is null || members!.MayAnswer;

    private bool KeepsFolder => silo.SiloAddress.Endpoint.Equals(options.Value.Keeper);

    private QueueStorage Storage =>
        _storage ?? throw new GranaryUnavailableException("This silo does not keep the queues.");

    /// <summary>Opens a partition of a queue that there is, and not of another one that has had its name.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="creation">The queue's.</param>
    /// <param name="leases">Of this silo's owner before; null: none.</param>
    public async Task<(PartitionOwner Owner, PartitionDefinition Definition)> OpenAsync(
        PartitionId partition, Guid creation, LeaseHandOver? leases)
    {
        long began = time.GetTimestamp();
        await WaitForTheLostAsync();
        TimeSpan waited = time.GetElapsedTime(began);
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            PartitionDefinition? definition = await FindAsync(partition);
            if (definition is null)
            {
                Storage.Forget(partition.Queue);
            }

            if (definition is null || definition.Creation != creation)
            {
                throw new GranaryQueueNotFoundException($"There is no partition {partition}, or not of this queue.");
            }

            PartitionOwner owner = await Storage.OpenAsync(partition, definition, leases, CancellationToken.None);
            if (await IsStillAsync(partition, definition, owner))
            {
                TimeSpan took = time.GetElapsedTime(began);
                OpeningDurations?.Record((took - waited).TotalSeconds);
                if (took > SlowOpening)
                {
                    logger.OpenedSlowly($"{partition}", took.TotalSeconds, waited.TotalSeconds);
                }

                return (owner, definition);
            }
        }

        throw new GranaryUnavailableException($"The queue of partition {partition} is being changed.");
    }

    /// <summary>Whether the database answers, within two seconds.</summary>
    public async Task<bool> ReachesStoreAsync()
    {
        try
        {
            Task asking = _asking; // one at a time: while the database is away each lasts longer than is waited for it
            if (asking.IsCompleted)
            {
                _asking = asking = Storage.Catalog.FindAsync(NoQueue, CancellationToken.None);
            }

            await asking.WaitAsync(StorePatience, time);
            return true;
        }
        catch (Exception exception) when (exception is GranaryUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A partition that there is.</summary>
    public async Task<PartitionDefinition?> FindAsync(PartitionId partition) =>
        PartitionDefinition.Find(await FindAsync(SubscriptionName.Read(partition.Queue).Queue), partition);

    /// <summary>Whether a partition belongs to this silo, which has storage.</summary>
    public bool Wants(QueueDefinition queue, int index)
    {
        Noted(queue);
        return Places is null || Places.Wants(new PartitionId(queue.Name, index));
    }

    /// <summary>A queue that there is.</summary>
    public async Task<QueueDefinition?> FindAsync(string name)
    {
        QueueDefinition? found = await Storage.Catalog.FindAsync(name, CancellationToken.None);
        if (found is null)
        {
            Places?.Forget(name);
        }

        return Noted(found);
    }

    /// <summary>All queues, by name.</summary>
    public Task<IReadOnlyList<QueueDefinition>> ListAsync() => Storage.Catalog.ReadAsync(CancellationToken.None);

    /// <summary>A queue, which is made with default options if it is not there.</summary>
    public async Task<QueueDefinition> GetOrCreateAsync(string name) =>
        await FindAsync(name)
            ?? await PutAsync(
                new QueueDefinition(name, QueueDefinition.DefaultPartitions, new QueueOptions()), replace: false);

    /// <summary>Makes a queue, or gives it other options.</summary>
    /// <returns>What there is now: of an existing queue the given definition only if it is to replace it.</returns>
    public async Task<QueueDefinition> PutAsync(QueueDefinition definition, bool replace)
    {
        definition.Validate();
        (_, QueueDefinition? now) = await ChangeAsync(
            definition.Name,
            existing => existing is null || replace ? DefinitionChange.Put(existing, definition) : existing);
        return now!;
    }

    /// <summary>Makes a subscription, or gives it other options; a topic that is not there is made with default ones.</summary>
    /// <returns>The topic as it is now.</returns>
    public async Task<QueueDefinition> PutSubscriptionAsync(string topic, SubscriptionDefinition subscription)
    {
        subscription.Validate();
        (_, QueueDefinition? now) =
            await ChangeAsync(topic, existing => DefinitionChange.PutSubscription(existing, topic, subscription));
        return now!;
    }

    /// <summary>Removes a subscription. Its partitions are to be closed; they write nothing any more.</summary>
    /// <returns>The topic as it was; <see langword="null"/>: the subscription was not there.</returns>
    public async Task<QueueDefinition?> DeleteSubscriptionAsync(string topic, string subscription)
    {
        (QueueDefinition? before, _) =
            await ChangeAsync(topic, existing => DefinitionChange.RemoveSubscription(existing, subscription));
        return before?.Find(subscription) is null ? null : before;
    }

    /// <summary>Pauses or resumes a queue or a subscription. Its partitions are to be told.</summary>
    /// <returns>It, as it is now; <see langword="null"/>: it is not there.</returns>
    public async Task<PartitionDefinition?> SetPausedAsync(string name, bool isPaused)
    {
        SubscriptionName.Check(name);
        (string queue, string? subscription) = SubscriptionName.Read(name);
        (_, QueueDefinition? now) =
            await ChangeAsync(queue, existing => DefinitionChange.SetPaused(existing, subscription, isPaused));
        return PartitionDefinition.Find(now, new PartitionId(name, 0));
    }

    /// <summary>Removes a queue. Its partitions are to be closed; they write nothing any more.</summary>
    /// <returns>What was there.</returns>
    public async Task<QueueDefinition?> DeleteAsync(string name) =>
        await FindAsync(name) is { } definition && await Storage.DeleteAsync(name, CancellationToken.None)
            ? definition
            : null;

    /// <summary>A partition was closed: perhaps because its queue is gone, and then this silo forgets its messages.</summary>
    public async Task ClosedAsync(PartitionId partition)
    {
        if (await FindAsync(partition) is null)
        {
            Storage.Forget(partition.Queue);
        }
    }

    // After the clustering has found its store there, and before anybody can ask. A folder is opened beside the rest of the
    // silo's making: it takes a tenth of a second.
    public void Participate(ISiloLifecycle lifecycle)
    {
        if (options.Value.StoreConnection is null && KeepsFolder)
        {
            _opening = OpenFolderAsync();
        }

        lifecycle.Subscribe(nameof(QueueKeeper), ServiceLifecycleStage.RuntimeInitialize + 1, StartAsync);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.Value.StoreConnection is { } connection)
            {
                _storage = await ConnectAsync(connection, cancellationToken);
            }
            else if (KeepsFolder)
            {
                _storage = await (_opening ??= OpenFolderAsync());
            }
            else
            {
                return;
            }

            _storage.Tally.Durations = CommitDurations;
            string place = Places is null ? Path.GetFullPath(options.Value.Folder) : "the cluster store";
            logger.Keeps((await ListAsync()).Count, place);
            foreach (LogDamage damage in _storage.Damage)
            {
                logger.Damaged($"{damage.Partition}", damage.Offset, damage.Reason);
            }
        }
        catch (QueueDamagedException exception)
        {
            throw new GranaryQueueDamagedException(exception.Message, exception);
        }
    }

    // Also what was opened for a start that was refused before it.
    public async ValueTask DisposeAsync()
    {
        if (_opening is not null)
        {
            await Task.WhenAny(_opening);
            _storage = _opening.IsCompletedSuccessfully ? await _opening : null;
        }

        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    private Task<QueueStorage> OpenFolderAsync() => Task.Run(() => QueueStorage.OpenFolder(options.Value.Folder, time));

    private async Task<QueueStorage> ConnectAsync(string connection, CancellationToken cancellationToken)
    {
        for (long began = time.GetTimestamp(); ;)
        {
            try
            {
                return await QueueStorage.ConnectAsync(connection, time, cancellationToken);
            }
            catch (GranaryUnavailableException) when (time.GetElapsedTime(began) < options.Value.StoreTimeout)
            {
                await Task.Delay(StartPause, time, cancellationToken);
            }
        }
    }

    // One that was declared dead may have the partition still, and may answer for its leases.
    private async Task WaitForTheLostAsync()
    {
        if (Places is null)
        {
            return;
        }

        using CancellationTokenSource patience = new(LostPatience, time);
        try
        {
            await members!.WaitForTheLostAsync(patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new GranaryUnavailableException("This silo does not follow the cluster's membership.", exception);
        }
    }

    private QueueDefinition? Noted(QueueDefinition? definition)
    {
        if (definition is not null)
        {
            Places?.Note(definition);
        }

        return definition;
    }

    // A queue that was deleted before the partition was opened is not there; if after, the log fences the owner.
    private async Task<bool> IsStillAsync(PartitionId partition, PartitionDefinition definition, PartitionOwner owner)
    {
        bool isStill = false;
        try
        {
            isStill = await FindAsync(partition) == definition;
        }
        finally
        {
            if (!isStill)
            {
                await owner.DisposeAsync();
            }
        }

        return isStill;
    }

    // What others change at the same time is seen, and not undone.
    private async Task<(QueueDefinition? Before, QueueDefinition? Now)> ChangeAsync(
        string name, Func<QueueDefinition?, QueueDefinition?> change)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            QueueDefinition? existing = await FindAsync(name);
            QueueDefinition? changed = change(existing);
            if (changed is null || changed == existing)
            {
                return (existing, existing);
            }

            await CheckRoomAsync(existing, name);
            if (await Storage.Catalog.TryWriteAsync(existing, changed, CancellationToken.None))
            {
                return (existing, Noted(changed));
            }
        }

        throw new GranaryUnavailableException($"'{name}' is being changed by others.");
    }

    private async Task CheckRoomAsync(QueueDefinition? existing, string name)
    {
        if (existing is null && (await ListAsync()).Count is var count and >= QueueLimits.MaxQueues)
        {
            throw new ArgumentException(
                $"There are {count} queues, and at most {QueueLimits.MaxQueues} may be; '{name}' is not made.", nameof(name));
        }
    }
}
