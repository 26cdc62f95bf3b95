using System.Diagnostics;
using Granary.Client;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClientSample.Queue;

/// <summary>A work queue's life: send, a worker that crashes, retries, a dead letter, a redrive.</summary>
internal static class Orders
{
    private const int Count = 10;

    public static async Task<int> RunAsync(string silo, CancellationToken cancellationToken)
    {
        using IHost host = await Connection.OpenAsync(silo, cancellationToken);
        var queues = host.Services.GetRequiredService<IGranaryQueues>();
        IQueueAdministration administration = queues.Administration;

        await administration.DeleteAsync("orders", cancellationToken); // of the last run
        QueueOptions options = new()
        {
            LeaseDuration = TimeSpan.FromSeconds(2),
            MaxDeliveryCount = 3,
            RetryDelay = TimeSpan.FromMilliseconds(200),
        };
        await administration.PutAsync(new QueueDefinition("orders", Partitions: 8, options), cancellationToken);

        await SendAsync(queues.CreateSender("orders"), cancellationToken);
        await CrashAsync(silo, cancellationToken);
        await ShowAsync(administration, cancellationToken);

        Console.WriteLine("worker 1 starts");
        var shop = new Shop();
        using IHost worker = await Worker.StartAsync(silo, shop, cancellationToken);
        await WaitAsync(administration, left => left.Ready + left.Delayed + left.Leased == 0, cancellationToken);
        await ShowAsync(administration, cancellationToken);

        await foreach (PeekedMessage dead in administration.PeekAsync("orders", MessageState.Dead, cancellationToken))
        {
            Console.WriteLine($"  dead letter {dead.Content.MessageId}: {dead.DeadLetterReason}, because");
            dead.Failures.ToList().ForEach(failure => Console.WriteLine($"    {failure.Reason}"));
        }

        Console.WriteLine("somebody mends the code, and redrives what is dead");
        shop.PoisonedNumber = 0;
        await administration.RedriveAsync("orders", new DeadFilter(DeadLetterReasons.MaxDeliveryCountExceeded), maxPerSecond: 100, cancellationToken: cancellationToken);
        await WaitAsync(administration, left => left.Ready + left.Leased + left.Dead == 0, cancellationToken);
        await ShowAsync(administration, cancellationToken);

        await worker.StopAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        return 0;
    }

    private static async Task SendAsync(IQueueSender sender, CancellationToken cancellationToken)
    {
        for (int number = 1; number <= Count; number++)
        {
            QueueMessage message = QueueMessage.Of(new Order(number, $"customer {number % 3}", 10 * number)) with
            {
                MessageId = $"order-{number}",
            };
            await sender.SendAsync(message, cancellationToken); // it is on the disk
            SendReceipt again = await sender.SendAsync(message, cancellationToken); // as after a lost answer
            Debug.Assert(again.IsDuplicate);
        }

        Console.WriteLine($"sent {Count} orders, each twice: the second ones were known already");
    }

    // A process of its own, which ends without a word while it has messages.
    private static async Task CrashAsync(string silo, CancellationToken cancellationToken)
    {
        Console.WriteLine("worker 2 starts, as a process of its own");
        string[] self = [typeof(Orders).Assembly.Location, "worker", "--crash", "--silo", silo];
        using Process worker = Process.Start("dotnet", self);
        await worker.WaitForExitAsync(cancellationToken);
    }

    private static async Task ShowAsync(IQueueAdministration administration, CancellationToken cancellationToken)
    {
        QueueStatistics now = await administration.GetStatisticsAsync("orders", cancellationToken);
        Console.WriteLine($"  ready {now.Ready}, delayed {now.Delayed}, leased {now.Leased}, dead {now.Dead}; "
            + $"completed {now.Total.Completed}, leases that ended by themselves {now.Total.Lapsed}");
    }

    private static async Task WaitAsync(
        IQueueAdministration administration, Func<QueueStatistics, bool> until, CancellationToken cancellationToken)
    {
        while (!until(await administration.GetStatisticsAsync("orders", cancellationToken)))
        {
            await Task.Delay(100, cancellationToken);
        }
    }
}
