using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Queues;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's queues at one silo.</summary>
internal sealed class GranaryQueue(DurabilityClass durability, QueueSilo silo) : IQueueUnderTest
{
    // A receiver of the harness holds what it has prefetched for as long as a round takes.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    public string Version => silo.Version;

    public IReadOnlyList<int> ProcessIds => silo.ProcessIds;

    public bool CanDelay => true;

    public ITopics? Topics => durability == DurabilityClass.Memory ? null : new GranaryTopics(silo.Queues, Options);

    public IRequests Requests => new GranaryRequests(silo.Queues);

    private QueueOptions Options => new() { Durability = DurabilityOf(durability), LeaseDuration = Lease };

    public static Durability DurabilityOf(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => Durability.Strict,
        DurabilityClass.Buffered => Durability.Relaxed,
        _ => Durability.Memory,
    };

    public Task CreateAsync(string queue, CancellationToken cancellationToken) =>
        silo.Queues.Administration.PutAsync(
            new QueueDefinition(queue, QueueDefinition.DefaultPartitions, Options), cancellationToken);

    public Task DeleteAsync(string queue, CancellationToken cancellationToken) =>
        silo.Queues.Administration.DeleteAsync(queue, cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new GranarySender(silo.Queues.CreateSender(queue)));

    public Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueReceiver>(new GranaryReceiver(silo.Queues.CreateReceiver(queue)));

    public Task StopServerAsync() => silo.StopAsync();

    public Task StartServerAsync(CancellationToken cancellationToken) => silo.StartAsync([], cancellationToken);

    public ValueTask DisposeAsync() => silo.DisposeAsync();
}
