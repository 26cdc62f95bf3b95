using System.Net;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>Redis through StackExchange.Redis: a stream with one consumer group makes a queue.</summary>
internal sealed class RedisQueue : IQueueUnderTest
{
    private const string Group = "workers";

    private static readonly TimeSpan LoadingInterval = TimeSpan.FromMilliseconds(20);

    private readonly DataFolder _folder;
    private readonly BrokerProcess _broker;
    private readonly ConfigurationOptions _options;
    private ConnectionMultiplexer _connection;
    private int _receivers;

    private RedisQueue(
        DataFolder folder, BrokerProcess broker, ConfigurationOptions options, ConnectionMultiplexer connection)
    {
        _folder = folder;
        _broker = broker;
        _options = options;
        _connection = connection;
    }

    public string Version => _connection.GetServers()[0].Version.ToString();

    public IReadOnlyList<int> ProcessIds => [_broker.Id];

    public bool CanDelay => false; // a sorted set and a mover of one's own would be needed

    public ITopics Topics => new RedisTopics(this, _connection.GetDatabase());

    public static async Task<IQueueUnderTest> ConnectAsync(
        DataFolder folder, BrokerProcess broker, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { endPoint },
            AsyncTimeout = 60_000, // a command waits for its place in line, and for the sync
            AbortOnConnectFail = true,
        };
        ConnectionMultiplexer connection = await ConnectAsync(options, cancellationToken);
        return new RedisQueue(folder, broker, options, connection);
    }

    public async Task CreateAsync(string queue, CancellationToken cancellationToken) =>
        await _connection.GetDatabase().StreamCreateConsumerGroupAsync(
            queue, Group, StreamPosition.Beginning, createStream: true);

    public async Task DeleteAsync(string queue, CancellationToken cancellationToken) =>
        await _connection.GetDatabase().KeyDeleteAsync(queue);

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new RedisSender(_connection.GetDatabase(), queue));

    public Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken) =>
        OpenReceiverAsync(queue, Group, deletes: true);

    /// <param name="stream">To read.</param>
    /// <param name="group">Of which the receiver is a consumer.</param>
    /// <param name="deletes">Whether a message is gone when it is complete.</param>
    public async Task<IQueueReceiver> OpenReceiverAsync(string stream, string group, bool deletes)
    {
        // A waiting read would hold up whatever else is on its connection.
        ConnectionMultiplexer reading = await ConnectionMultiplexer.ConnectAsync(_options);
        string consumer = $"consumer-{Interlocked.Increment(ref _receivers)}";
        return new RedisReceiver(reading, _connection.GetDatabase(), stream, group, consumer, deletes);
    }

    public async Task StopServerAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        await _broker.StartAsync(cancellationToken);
        _connection = await ConnectAsync(_options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    // While it reads its log it answers every command with LOADING.
    private static async Task<ConnectionMultiplexer> ConnectAsync(
        ConfigurationOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            ConnectionMultiplexer? connection = null;
            try
            {
                connection = await ConnectionMultiplexer.ConnectAsync(options);
                await connection.GetDatabase().KeyExistsAsync("any");
                return connection;
            }
            catch (RedisException)
            {
                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                await Task.Delay(LoadingInterval, cancellationToken);
            }
        }
    }
}
