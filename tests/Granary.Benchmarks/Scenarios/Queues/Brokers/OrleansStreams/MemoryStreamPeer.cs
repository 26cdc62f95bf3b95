using System.Reflection;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Orleans.Streams;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.OrleansStreams;

/// <summary>Orleans' own memory streams, at the same silo: Orleans adds them by its configuration.</summary>
internal sealed class MemoryStreamPeer : IQueuePeer
{
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        [$"Orleans__Streaming__{OrleansStream.Provider}__ProviderType"] = "Memory",
        ["Orleans__GrainStorage__PubSubStore__ProviderType"] = "Memory",
    };

    public string Name => "memory-streams";

    public bool IsPresent => new GranarySilo().IsPresent;

    public string? SetupFor(DurabilityClass durability) =>
        durability == DurabilityClass.Memory ? "AddMemoryStreams, defaults: 8 queues, read every 100 ms" : null;

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        var silo = new QueueSilo(cpu)
        {
            Environment = Providers,
            ConfigureClient = client => client.AddMemoryStreams(OrleansStream.Provider),
        };
        try
        {
            await silo.StartAsync([], cancellationToken);
            return new OrleansStream(silo, OrleansVersion(), arguments: []) { KeepsAll = false };
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    // "10.4.2. Commit Hash: 876ffe..."
    private static string OrleansVersion() => typeof(IStreamProvider).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split(' ')[0].TrimEnd('.');
}
