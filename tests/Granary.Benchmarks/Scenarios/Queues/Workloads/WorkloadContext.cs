using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>What one run of a workload works on.</summary>
internal sealed class WorkloadContext(
    IQueueUnderTest subject, DurabilityClass durability, string queue, int? bodyBytes, QueueSettings settings)
{
    private const int FillLanes = 4;
    private const int BatchSize = 100;

    public IQueueUnderTest Subject => subject;

    public DurabilityClass Durability => durability;

    public string Queue => queue;

    public QueueSettings Settings => settings;

    public MessageLedger Ledger { get; } = new(bodyBytes ?? settings.BodyBytes);

    public Task<IQueueSender> OpenSenderAsync(CancellationToken cancellationToken) =>
        subject.OpenSenderAsync(queue, cancellationToken);

    public Task<IQueueReceiver> OpenReceiverAsync(
        int prefetch, CancellationToken cancellationToken, bool isOneByOne = false) =>
        subject.OpenReceiverAsync(queue, new ReceiverSettings(prefetch, isOneByOne), cancellationToken);

    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="unit">What is counted, as the figures name it.</param>
    public Task<ServerMeter> StartMeterAsync(CancellationToken cancellationToken, string unit = "msg") =>
        ServerMeter.StartAsync(subject.ProcessIds, unit, settings.CountsSyncs, cancellationToken);

    /// <summary>Sends messages in the fastest way the queue has.</summary>
    public async Task FillAsync(int count, CancellationToken cancellationToken)
    {
        await using IQueueSender sender = await OpenSenderAsync(cancellationToken);
        int left = count;
        await Task.WhenAll(Enumerable.Range(0, FillLanes).Select(_ => Task.Run(SendAsync, cancellationToken)));

        async Task SendAsync()
        {
            for (int before; (before = Interlocked.Add(ref left, -BatchSize) + BatchSize) > 0;)
            {
                byte[][] batch =
                    [.. Enumerable.Range(0, Math.Min(before, BatchSize)).Select(_ => Ledger.Make())];
                await sender.SendBatchAsync(batch, cancellationToken);
                Ledger.Confirm(batch);
            }
        }
    }

    /// <summary>Receives and completes what is in the queue, and looks once more whether it is empty.</summary>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        await using IQueueReceiver receiver = await OpenReceiverAsync(Drain.CheckPrefetch, cancellationToken);
        await new Drain(Ledger, receiver).FinishAsync(cancellationToken);
    }
}
