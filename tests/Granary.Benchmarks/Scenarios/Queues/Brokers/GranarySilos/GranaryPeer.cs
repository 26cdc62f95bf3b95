using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's queues: one silo, the cache and the dashboard running in it.</summary>
internal sealed class GranaryPeer : IQueuePeer
{
    public string Name => "granary";

    public bool IsPresent => new GranarySilo().IsPresent;

    public string? SetupFor(DurabilityClass durability) =>
        $"{GranaryQueue.DurabilityOf(durability)}, 8 partitions, no MessageId";

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        var queue = new GranaryQueue(durability, cpu);
        try
        {
            await queue.StartServerAsync(cancellationToken);
            return queue;
        }
        catch
        {
            await queue.DisposeAsync();
            throw;
        }
    }
}
