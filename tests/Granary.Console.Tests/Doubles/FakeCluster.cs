using Granary.Queues;
using Granary.Tests.Shared.Reports;

namespace Granary.Console.Tests.Doubles;

/// <summary>A cluster of one silo, which says nothing, and without queues. Thread-safe.</summary>
internal sealed class FakeCluster : IClusterMapGrain, IQueueCatalogGrain, IDisposable
{
    private readonly SemaphoreSlim _asked = new(0);
    private int _readings;

    /// <summary>How often somebody has asked for the map, as who reads the cluster does first.</summary>
    public int Readings => Volatile.Read(ref _readings);

    /// <summary>Thrown instead of the map.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Completes when it was asked for the map once more.</summary>
    public async Task AskedAsync() => Assert.True(await _asked.WaitAsync(OpenPage.Deadline), "Nobody has asked for the map.");

    public ValueTask<ServedMap> GetMapAsync()
    {
        Exception? failure = Failure;
        Interlocked.Increment(ref _readings);
        _asked.Release();
        return failure is null
            ? new(new ServedMap { ViewVersion = 1, ShardCount = 4, MaxValueBytes = 1 << 20, Silos = [IdleSilo.Served("a")] })
            : ValueTask.FromException<ServedMap>(failure);
    }

    public ValueTask<QueueDefinition[]> ListAsync() => new([]);

    public ValueTask<QueueDefinition> GetOrCreateAsync(string name) => throw new NotSupportedException();

    public ValueTask<QueueDefinition?> FindAsync(string name) => throw new NotSupportedException();

    public ValueTask PutAsync(QueueDefinition definition) => throw new NotSupportedException();

    public ValueTask PutSubscriptionAsync(string topic, SubscriptionDefinition subscription) => throw new NotSupportedException();

    public ValueTask<bool> SetPausedAsync(string name, bool isPaused) => throw new NotSupportedException();

    public ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync() => throw new NotSupportedException();

    public ValueTask<bool> DeleteSubscriptionAsync(string topic, string subscription) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(string name) => throw new NotSupportedException();

    public void Dispose() => _asked.Dispose();
}
