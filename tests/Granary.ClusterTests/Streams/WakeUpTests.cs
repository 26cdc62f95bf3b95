using System.Globalization;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Queues;
using Granary.ClusterTests.Silos;
using Granary.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;

namespace Granary.ClusterTests.Streams;

/// <summary>How long an event takes to a subscriber that has waited: beside a poll of 100 ms, as Orleans' own is.</summary>
[Collection(ProcessCollection.Name)]
public sealed class WakeUpTests(ITestOutputHelper output)
{
    private const int Events = 500;
    private const int Seed = 1;

    [Fact]
    public async Task Subscriber_ThatIsIdle_IsWokenAsync()
    {
        HandRun.SkipUnlessLong();
        await using SiloProcess silo = await SiloProcess.StartAsync(
            "wake", "64MiB", null, "--streams", "wake", "--data", Directory.CreateTempSubdirectory("granary-").FullName);
        await using QueueClients clients = new();
        IHost client = await clients.ConnectAsync(
            [silo], services => services.AddOrleansClient(orleans => orleans.AddGranaryStreams("wake")));
        IAsyncStream<int> stream = client.Services.GetRequiredKeyedService<IStreamProvider>("wake")
            .GetStream<int>(StreamId.Create("wake", "up"));
        TimeProvider time = TimeProvider.System;
        TaskCompletionSource<long> had = new();
        await stream.SubscribeAsync((_, _) =>
        {
            had.TrySetResult(time.GetTimestamp());
            return Task.CompletedTask;
        });

        List<double> fromSend = [];
        List<double> fromConfirmation = [];
        Random random = new(Seed);
        for (int number = 0; number < Events; number++)
        {
            await Task.Delay(random.Next(50, 250));
            had = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            long sent = time.GetTimestamp();
            await stream.OnNextAsync(number);
            long confirmed = time.GetTimestamp();
            long woken = await had.Task.WaitAsync(TimeSpan.FromSeconds(30));
            fromSend.Add(time.GetElapsedTime(sent, woken).TotalMilliseconds);
            fromConfirmation.Add(Math.Max(0, time.GetElapsedTime(confirmed, woken).TotalMilliseconds));
        }

        string report = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Seed {Seed}; {Events} events to an idle subscriber, a client's, milliseconds.
            From the send: p50 {At(fromSend, 0.5):F2}, p90 {At(fromSend, 0.9):F2}, p99 {At(fromSend, 0.99):F2}.
            From its confirmation: p50 {At(fromConfirmation, 0.5):F2}, p90 {At(fromConfirmation, 0.9):F2}, p99 {At(fromConfirmation, 0.99):F2}.
            """);
        output.WriteLine(report);
        Directory.CreateDirectory(HandRun.LongRunsFolder!);
        await File.WriteAllTextAsync(
            Path.Combine(HandRun.LongRunsFolder!, $"{nameof(WakeUpTests)}.md"), $"# {nameof(WakeUpTests)}\n\n{report}\n");
    }

    private static double At(List<double> all, double quantile) => all.Order().ElementAt((int)(all.Count * quantile));
}
