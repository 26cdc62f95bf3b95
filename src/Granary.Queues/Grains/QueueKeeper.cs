using System.Collections.Immutable;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Queues.Grains;

/// <summary>
/// On the silo that keeps the queues: its storage, opened before the silo joins, and the definitions of all queues.
/// On the others it does nothing. Thread-safe.
/// </summary>
internal sealed class QueueKeeper(
    IOptions<QueueSiloOptions> options,
    ILocalSiloDetails silo,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<QueueKeeper> logger) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private QueueStorage? _storage;
    private volatile ImmutableDictionary<string, QueueDefinition> _queues =
        ImmutableDictionary.Create<string, QueueDefinition>(StringComparer.Ordinal);

    /// <summary>The silo has been told to stop: nobody shall wait for messages any more.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, QueueDefinition> Queues => _queues;

    private QueueStorage Storage =>
        _storage ?? throw new GranaryUnavailableException("This silo does not keep the queues.");

    /// <summary>Opens a partition of a queue that there is, and not of another one that has had its name.</summary>
    public Task<PartitionOwner> OpenAsync(PartitionId partition, Guid creation) =>
        _queues.TryGetValue(partition.Queue, out QueueDefinition? definition)
        && partition.Index < definition.Partitions && definition.Creation == creation
            ? Storage.OpenAsync(partition, definition.Options, CancellationToken.None)
            : throw new GranaryQueueNotFoundException($"There is no partition {partition}, or not of this queue.");

    /// <summary>Makes a queue, or gives it other options.</summary>
    /// <returns>What there is now: of an existing queue the given definition only if it is to replace it.</returns>
    public async Task<QueueDefinition> PutAsync(QueueDefinition definition, bool replace)
    {
        definition.Validate();
        await _changing.WaitAsync();
        try
        {
            bool exists = _queues.TryGetValue(definition.Name, out QueueDefinition? existing);
            if (exists && !replace)
            {
                return existing!;
            }

            Check(existing, definition);
            definition = definition with { Creation = existing?.Creation ?? Guid.NewGuid() };
            await Storage.Catalog.WriteAsync(definition, CancellationToken.None);
            _queues = _queues.SetItem(definition.Name, definition);
            return definition;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes a queue.</summary>
    /// <param name="name">Which.</param>
    /// <param name="close">Closes its partitions; from then on they cannot be opened.</param>
    public async Task<bool> DeleteAsync(string name, Func<QueueDefinition, Task> close)
    {
        await _changing.WaitAsync();
        try
        {
            if (!_queues.TryGetValue(name, out QueueDefinition? definition))
            {
                return false;
            }

            _queues = _queues.Remove(name);
            try
            {
                await close(definition);
                await Storage.DeleteAsync(name, CancellationToken.None);
                return true;
            }
            catch
            {
                _queues = _queues.SetItem(name, definition); // it is still there
                throw;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!silo.SiloAddress.Endpoint.Equals(options.Value.Keeper))
        {
            return;
        }

        try
        {
            _storage = new QueueStorage(options.Value.Folder, time);
            IReadOnlyList<QueueDefinition> found = await _storage.Catalog.ReadAsync(cancellationToken);
            _queues = _queues.AddRange(found.Select(queue => KeyValuePair.Create(queue.Name, queue)));
            logger.Keeps(found.Count, Path.GetFullPath(options.Value.Folder));
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

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _changing.Dispose();
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    private void Check(QueueDefinition? existing, QueueDefinition definition)
    {
        if (existing is not null && existing.Partitions != definition.Partitions)
        {
            throw new ArgumentException(
                $"Queue '{definition.Name}' has {existing.Partitions} partitions and cannot get {definition.Partitions}.",
                nameof(definition));
        }

        if (existing is not null
            && (existing.Options.Durability == Durability.Memory) != (definition.Options.Durability == Durability.Memory))
        {
            throw new ArgumentException(
                $"Queue '{definition.Name}' is {existing.Options.Durability} and cannot become "
                + $"{definition.Options.Durability}: its messages would stay behind.",
                nameof(definition));
        }

        if (existing is null && _queues.Count >= QueueLimits.MaxQueues)
        {
            throw new ArgumentException(
                $"There are {_queues.Count} queues, and at most {QueueLimits.MaxQueues} may be; '{definition.Name}' is not made.",
                nameof(definition));
        }
    }
}
