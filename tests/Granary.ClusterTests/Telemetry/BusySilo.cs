using Granary.Client;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Queues;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Telemetry;

/// <summary>A silo that has done a little of everything once.</summary>
public sealed class BusySilo : IAsyncLifetime
{
    public const string Queue = "orders";

    private SiloCluster? _cluster;

    internal SiloProcess Silo => _cluster!.Primary;

    public async ValueTask InitializeAsync()
    {
        _cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB", "--namespaces", "shop=2MiB,news");
        using (MemcachedConnection connection = await MemcachedConnection.OpenAsync(Silo.Ports.Memcached))
        {
            await connection.SetAsync("there", "value");
            await connection.GetAsync("there");
            await connection.GetAsync("absent");
            await connection.SetAsync("shop:there", "value");
            await connection.GetAsync("shop:absent");
        }

        await using QueueClients clients = new();
        IGranaryQueues queues = await clients.QueuesAsync([Silo]);
        await queues.CreateSender(Queue).SendBatchAsync([QueueMessage.Of(1), QueueMessage.Of(2), QueueMessage.Of(3)]);
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        IReadOnlyList<ReceivedMessage> received = await receiver.ReceiveAsync(2, TimeSpan.FromSeconds(20));
        await receiver.CompleteAsync(received[0]);
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? default;
}
