using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Client;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using IQueueReceiver = Granary.Benchmarks.Scenarios.Queues.Subjects.IQueueReceiver;
using IQueueSender = Granary.Benchmarks.Scenarios.Queues.Subjects.IQueueSender;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>A silo and Granary's client as an application uses it: one registration, defaults.</summary>
internal sealed class GranaryQueue(DurabilityClass durability, int? cpu) : IQueueUnderTest
{
    private const int CacheMebibytes = 64; // nothing is cached here

    // A receiver of the harness holds what it has prefetched for as long as a round takes.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly DataFolder _folder = new();
    private RunningPeer? _silo;
    private IHost? _client;

    // memcached's clients see "1.6.45-granary-0.1.0".
    public string Version => _silo?.Version.Split('-')[^1] ?? "?";

    public int ProcessId => _silo?.ProcessId ?? 0;

    public bool CanDelay => true;

    private IGranaryQueues Queues => _client!.Services.GetRequiredService<IGranaryQueues>();

    public static Durability DurabilityOf(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => Durability.Strict,
        DurabilityClass.Buffered => Durability.Relaxed,
        _ => Durability.Memory,
    };

    public Task CreateAsync(string queue, CancellationToken cancellationToken)
    {
        var options = new QueueOptions { Durability = DurabilityOf(durability), LeaseDuration = Lease };
        return Queues.Administration.PutAsync(
            new QueueDefinition(queue, QueueDefinition.DefaultPartitions, options), cancellationToken);
    }

    public Task DeleteAsync(string queue, CancellationToken cancellationToken) =>
        Queues.Administration.DeleteAsync(queue, cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new GranarySender(Queues.CreateSender(queue)));

    public Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueReceiver>(new GranaryReceiver(Queues.CreateReceiver(queue)));

    public async Task StopServerAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
            _client = null;
        }

        if (_silo is not null)
        {
            await _silo.DisposeAsync();
            _silo = null;
        }
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var settings = new PeerSettings { MemoryMebibytes = CacheMebibytes, Cpu = cpu };
        string[] arguments = ["--data", _folder.Sub("queues")]; // outlives the silo
        _silo = await new GranarySilo().StartAsync("bench", settings, arguments, cancellationToken);
        _client = await GranaryClient.StartAsync(_silo, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        _folder.Dispose();
    }
}
