using System.Net;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;

/// <summary>beanstalkd: a tube is a queue; every sender and receiver has a connection.</summary>
internal sealed class BeanstalkdQueue : IQueueUnderTest
{
    private readonly DataFolder _folder;
    private readonly BrokerProcess _broker;
    private readonly IPEndPoint _endPoint;

    private BeanstalkdQueue(DataFolder folder, BrokerProcess broker, IPEndPoint endPoint, string version)
    {
        _folder = folder;
        _broker = broker;
        _endPoint = endPoint;
        Version = version;
    }

    public string Version { get; }

    public IReadOnlyList<int> ProcessIds => [_broker.Id];

    public bool CanDelay => true;

    public static async Task<IQueueUnderTest> ConnectAsync(
        DataFolder folder, BrokerProcess broker, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        await using var connection = await BeanstalkdConnection.OpenAsync(endPoint, cancellationToken);
        BeanstalkdReply stats = await connection.RequestAsync("stats\r\n");
        string version = stats.Text.Split('\n')
            .First(line => line.StartsWith("version:", StringComparison.Ordinal))["version:".Length..]
            .Trim(' ', '"');
        return new BeanstalkdQueue(folder, broker, endPoint, version);
    }

    // A tube is there while somebody uses it or a message is in it.
    public Task CreateAsync(string queue, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(string queue, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken)
    {
        BeanstalkdConnection connection = await BeanstalkdConnection.OpenAsync(_endPoint, cancellationToken);
        (await connection.RequestAsync($"use {queue}\r\n")).Expect("USING");
        return new BeanstalkdSender(connection);
    }

    public async Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken)
    {
        BeanstalkdConnection connection = await BeanstalkdConnection.OpenAsync(_endPoint, cancellationToken);
        (await connection.RequestAsync($"watch {queue}\r\n")).Expect("WATCHING");
        return new BeanstalkdReceiver(connection);
    }

    public Task StopServerAsync() => _broker.DisposeAsync().AsTask();

    public Task StartServerAsync(CancellationToken cancellationToken) => _broker.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }
}
