using Granary.Queues;

namespace Granary.Streams.Partitions;

/// <summary>A queue that a stream provider uses by partition. It is made by its first use. Thread-safe.</summary>
/// <param name="name">Of the queue.</param>
/// <param name="partitions">That it is to have.</param>
/// <param name="options">If it is to be made.</param>
/// <param name="grains">Of the silos.</param>
internal sealed class ProviderQueue(string name, int partitions, QueueOptions options, IGrainFactory grains)
{
    private volatile QueueDefinition? _known;

    public string Name { get; } = name;

    public int Partitions { get; } = partitions;

    /// <summary>Where a provider's messages are.</summary>
    public static string NameOf(string provider) => $"streams.{provider}";

    /// <summary>Where its subscriptions are.</summary>
    public static string SubscriptionsNameOf(string provider) => $"stream-subscriptions.{provider}";

    /// <exception cref="GranaryUnavailableException">The silo that knows the queues is not there.</exception>
    /// <exception cref="GranaryException">The queue has another number of partitions.</exception>
    public async Task<QueueDefinition> DefinitionAsync()
    {
        if (_known is { } known)
        {
            return known;
        }

        IQueueCatalogGrain catalog = grains.GetGrain<IQueueCatalogGrain>(0);
        QueueDefinition? found = await catalog.FindAsync(Name);
        if (found is null)
        {
            await catalog.PutAsync(new QueueDefinition(Name, Partitions, options)); // as anybody does who comes first
            found = await catalog.FindAsync(Name)
                ?? throw new GranaryUnavailableException($"Queue '{Name}' was deleted as soon as it was made.");
        }

        if (found.Partitions != Partitions)
        {
            throw new GranaryException(
                $"Queue '{Name}' has {found.Partitions} partitions, and GranaryStreamOptions.Partitions is {Partitions}.");
        }

        return _known = found;
    }

    public async Task<IQueuePartitionGrain> PartitionAsync(int index) =>
        grains.GetGrain<IQueuePartitionGrain>(index, PartitionKey.Of(await DefinitionAsync()));

    /// <summary>A partition has said that the queue is not there any more, or its options are to be read again.</summary>
    public void Forget() => _known = null;
}
