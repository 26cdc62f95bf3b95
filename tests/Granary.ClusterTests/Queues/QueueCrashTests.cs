using System.Diagnostics;
using System.Globalization;
using Granary.Client;
using Granary.ClusterTests.Processes;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>
/// The silo that keeps the queues is killed again and again while messages are sent and worked on. Nothing that was
/// confirmed is lost, nothing is stored twice, no two receipts of a message are valid.
/// </summary>
public sealed class QueueCrashTests(ITestOutputHelper output)
{
    private const string Queue = "crashes";
    private const int Senders = 4;
    private const int Window = 64; // of each sender
    private const int Seed = 1;

    private static readonly bool IsLong = HandRun.LongRunsFolder is not null;
    private static readonly int Messages = IsLong ? 1_000_000 : 12_000;
    private static readonly int Kills = IsLong ? 100 : 3;

    private readonly QueueLedger _ledger = new();
    private readonly Random _random = new(Seed);
    private int _next;

    [Fact]
    public async Task Kills_OfTheSiloThatKeepsTheQueue_LoseNothingConfirmedAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await queues.Administration.PutAsync(new QueueDefinition(Queue, 8, new QueueOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(5),
            RetryDelay = TimeSpan.FromMilliseconds(50),
            MaxDeliveryCount = 1000,
        }));
        await using QueueProcessor processor = (await home.QueuesAsync()).CreateProcessor(
            Queue, WorkAsync, new QueueProcessorOptions { MaxConcurrentCalls = IsLong ? 64 : 8, PrefetchCount = 64 });
        processor.Start();
        var clock = Stopwatch.StartNew();

        Task sending = Task.WhenAll(Enumerable.Range(0, Senders * Window).Select(_ => SendAsync(queues.CreateSender(Queue))));
        for (int kill = 1; kill <= Kills; kill++)
        {
            int until = Messages / (Kills + 1) * kill; // spread over the run, whatever its speed
            while (_ledger.Sent < until && !sending.IsCompleted)
            {
                await Task.Delay(20);
            }

            home.Silo.Kill();
            await home.RestartAsync();
        }

        await sending;
        Assert.Equal(0, (await QueueDrain.WaitAsync(queues.Administration, Queue)).Dead);
        string report = string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {Seed}; {Messages:N0} messages, {Kills} kills, {clock.Elapsed.TotalSeconds:F0} s: {_ledger}.");
        output.WriteLine(report);
        if (HandRun.LongRunsFolder is { } folder)
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, $"{nameof(QueueCrashTests)}.md"), $"# {nameof(QueueCrashTests)}\n\n{report}\n");
        }

        Assert.Equal(Messages, _ledger.Sent);
        _ledger.AssertNothingLost();
    }

    private async Task SendAsync(IQueueSender sender)
    {
        while (Interlocked.Increment(ref _next) is var number && number <= Messages)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"m{number}");
            QueueMessage message = new(new byte[128]) { MessageId = id };
            for (int times = Times(); times > 0; times--)
            {
                _ledger.Confirmed(id, await sender.SendAsync(message));
            }
        }
    }

    // One of eight is sent three times.
    private int Times()
    {
        lock (_random)
        {
            return _random.Next(8) == 0 ? 3 : 1;
        }
    }

    private async Task WorkAsync(MessageContext context, CancellationToken cancellationToken)
    {
        _ledger.Delivered(context.Message);
        try
        {
            await context.CompleteAsync(cancellationToken);
            _ledger.Settled(context.Message);
        }
        catch (GranaryOutcomeUnknownException)
        {
            // It may come again, or not.
        }
    }
}
