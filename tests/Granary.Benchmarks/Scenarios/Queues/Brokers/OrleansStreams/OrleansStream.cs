using Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.OrleansStreams;

/// <summary>Streams of one provider of a silo, for a producer and a subscriber in the client.</summary>
/// <param name="silo">That runs, with the provider.</param>
/// <param name="version">Of the provider.</param>
/// <param name="arguments">What the silo is told when it is started again.</param>
internal sealed class OrleansStream(QueueSilo silo, string version, IReadOnlyList<string> arguments) : IQueueUnderTest
{
    /// <summary>The provider's name.</summary>
    public const string Provider = "bench";

    public string Version => version;

    public IReadOnlyList<int> ProcessIds => silo.ProcessIds;

    public bool CanDelay => false;

    public bool IsStream => true;

    public required bool KeepsAll { get; init; }

    // A stream is there without being made.
    public Task CreateAsync(string queue, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(string queue, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new StreamSender(StreamOf(queue)));

    public async Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken) =>
        await StreamReceiver.SubscribeAsync(StreamOf(queue));

    public Task StopServerAsync() => silo.StopAsync();

    public Task StartServerAsync(CancellationToken cancellationToken) => silo.StartAsync(arguments, cancellationToken);

    public ValueTask DisposeAsync() => silo.DisposeAsync();

    private IAsyncStream<byte[]> StreamOf(string queue) => silo.Services
        .GetRequiredKeyedService<IStreamProvider>(Provider)
        .GetStream<byte[]>(StreamId.Create("bench", queue));
}
