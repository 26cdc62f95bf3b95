using System.Net;
using System.Text;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using RabbitMQ.Client;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>RabbitMQ through RabbitMQ.Client: one connection, a channel for each sender and receiver.</summary>
internal sealed class RabbitMqQueue : IQueueUnderTest
{
    private readonly DurabilityClass _durability;
    private readonly DataFolder _folder;
    private readonly BrokerProcess _portMapper;
    private readonly BrokerProcess _broker;
    private readonly ConnectionFactory _factory;
    private IConnection _connection;

    private RabbitMqQueue(
        DurabilityClass durability, DataFolder folder, BrokerProcess portMapper, BrokerProcess broker,
        ConnectionFactory factory, IConnection connection)
    {
        _durability = durability;
        _folder = folder;
        _portMapper = portMapper;
        _broker = broker;
        _factory = factory;
        _connection = connection;
    }

    public string Version => _connection.ServerProperties?["version"] is byte[] version
        ? Encoding.UTF8.GetString(version)
        : "?";

    public IReadOnlyList<int> ProcessIds => [_broker.Id];

    public bool CanDelay => false; // needs a plugin; queues with TTL and dead-lettering take whole queues per delay

    public ITopics Topics => new RabbitMqTopics(this, _connection);

    public IRequests Requests => new RabbitMqRequests(_connection, IsPersistent);

    private bool IsPersistent => _durability == DurabilityClass.Strict;

    public static async Task<IQueueUnderTest> ConnectAsync(
        DurabilityClass durability, DataFolder folder, BrokerProcess portMapper, BrokerProcess broker,
        IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            HostName = endPoint.Address.ToString(),
            Port = endPoint.Port,
            AutomaticRecoveryEnabled = false,
        };
        IConnection connection = await factory.CreateConnectionAsync(cancellationToken);
        return new RabbitMqQueue(durability, folder, portMapper, broker, factory, connection);
    }

    public async Task CreateAsync(string queue, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["x-queue-type"] = _durability == DurabilityClass.Strict ? "quorum" : "classic",
        };
        await using IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments,
            cancellationToken: cancellationToken);
    }

    public async Task DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        await using IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeleteAsync(queue, cancellationToken: cancellationToken);
    }

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        OpenSenderAsync(exchange: "", routingKey: queue, cancellationToken);

    /// <summary>A sender to an exchange; that of the empty name has a route to each queue.</summary>
    public async Task<IQueueSender> OpenSenderAsync(
        string exchange, string routingKey, CancellationToken cancellationToken)
    {
        // The library confirms each send; by itself it would allow 128 under way, and the workload has a window.
        var options = new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: true,
            outstandingPublisherConfirmationsRateLimiter: null);
        IChannel channel = await _connection.CreateChannelAsync(options, cancellationToken);
        return new RabbitMqSender(channel, exchange, routingKey, IsPersistent);
    }

    public async Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken)
    {
        IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(
            prefetchSize: 0, (ushort)settings.Prefetch, global: false, cancellationToken);
        return await RabbitMqReceiver.StartAsync(channel, queue, cancellationToken);
    }

    public async Task StopServerAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        await _broker.StartAsync(cancellationToken);
        _connection = await _factory.CreateConnectionAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await RabbitMqPeer.StopAsync(_broker, _portMapper, _folder);
    }
}
