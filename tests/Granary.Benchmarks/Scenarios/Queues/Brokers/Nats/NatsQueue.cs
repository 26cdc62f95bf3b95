using System.Net;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>NATS JetStream through NATS.Net: a stream and a durable pull consumer make a queue.</summary>
internal sealed class NatsQueue : IQueueUnderTest
{
    private const string Consumer = "workers";

    private readonly DurabilityClass _durability;
    private readonly DataFolder _folder;
    private readonly BrokerProcess _broker;
    private readonly NatsOpts _options;
    private NatsConnection _connection;
    private NatsJSContext _context;

    private NatsQueue(
        DurabilityClass durability, DataFolder folder, BrokerProcess broker, NatsOpts options,
        NatsConnection connection)
    {
        _durability = durability;
        _folder = folder;
        _broker = broker;
        _options = options;
        _connection = connection;
        _context = new NatsJSContext(connection);
    }

    public string Version => _connection.ServerInfo?.Version ?? "?";

    public IReadOnlyList<int> ProcessIds => [_broker.Id];

    public bool CanDelay => false;

    public ITopics Topics => new NatsTopics(this, _context);

    public IRequests? Requests => _durability == DurabilityClass.Memory ? new NatsRequests(_connection) : null;

    public static async Task<IQueueUnderTest> ConnectAsync(
        DurabilityClass durability, DataFolder folder, BrokerProcess broker, IPEndPoint endPoint)
    {
        var options = new NatsOpts { Url = $"nats://{endPoint}", RequestTimeout = TimeSpan.FromSeconds(30) };
        var connection = new NatsConnection(options);
        await connection.ConnectAsync();
        return new NatsQueue(durability, folder, broker, options, connection);
    }

    public async Task CreateAsync(string queue, CancellationToken cancellationToken)
    {
        await CreateStreamAsync(queue, StreamConfigRetention.Workqueue, cancellationToken);
        await CreateConsumerAsync(queue, Consumer, cancellationToken);
    }

    public async Task CreateStreamAsync(
        string name, StreamConfigRetention retention, CancellationToken cancellationToken)
    {
        var stream = new StreamConfig(name, [name])
        {
            Retention = retention,
            Storage = _durability == DurabilityClass.Memory
                ? StreamConfigStorage.Memory
                : StreamConfigStorage.File,
        };
        await _context.CreateStreamAsync(stream, cancellationToken);
    }

    public async Task CreateConsumerAsync(string stream, string name, CancellationToken cancellationToken)
    {
        var consumer = new ConsumerConfig(name)
        {
            AckPolicy = ConsumerConfigAckPolicy.Explicit,
            MaxAckPending = 10_000,
        };
        await _context.CreateOrUpdateConsumerAsync(stream, consumer, cancellationToken);
    }

    public async Task DeleteAsync(string queue, CancellationToken cancellationToken) =>
        await _context.DeleteStreamAsync(queue, cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new NatsSender(_context, queue));

    public async Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken)
    {
        INatsJSConsumer consumer = await _context.GetConsumerAsync(queue, Consumer, cancellationToken);
        return new NatsReceiver(consumer, settings.Prefetch);
    }

    public async Task StopServerAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        await _broker.StartAsync(cancellationToken);
        _connection = new NatsConnection(_options);
        await _connection.ConnectAsync();
        _context = new NatsJSContext(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }
}
