using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Queues;
using Granary.Streams;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.OrleansStreams;

/// <summary>Orleans streams over Granary's queues, at one silo.</summary>
internal sealed class GranaryStreamPeer : IQueuePeer
{
    private static readonly string[] Arguments = ["--streams", OrleansStream.Provider];

    public string Name => "granary-streams";

    public bool IsPresent => new GranarySilo().IsPresent;

    public string? SetupFor(DurabilityClass durability) =>
        $"AddGranaryStreams, queue {GranaryQueue.DurabilityOf(durability)}, 8 partitions";

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        var silo = new QueueSilo(cpu)
        {
            ConfigureClient = client => client.AddGranaryStreams(OrleansStream.Provider),
        };
        try
        {
            // The provider's agents make its queue if it is not there, and a strict one is never one in memory.
            await silo.StartAsync([], cancellationToken);
            QueueOptions options = new GranaryStreamOptions().Queue with
            {
                Durability = GranaryQueue.DurabilityOf(durability),
            };
            await silo.Queues.Administration.PutAsync(
                new QueueDefinition($"streams.{OrleansStream.Provider}", QueueDefinition.DefaultPartitions, options),
                cancellationToken);
            await silo.StopAsync();
            await silo.StartAsync(Arguments, cancellationToken);
            return new OrleansStream(silo, silo.Version, Arguments) { KeepsAll = true };
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }
}
