using System.Diagnostics;
using Granary.Client;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClientSample.Pi;

/// <summary>Publish-subscribe with filters, request-reply and a pipeline in one program.</summary>
internal sealed class PiProgram(PiOptions options)
{
    private readonly Tally _tally = new();
    private volatile bool _isMended;

    /// <returns>0 if every point was counted once, no dead letter is left, and the result is about pi.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // A failed message is a warning, and this sample tells of it itself.
        using IHost host = await Connection.OpenAsync(options.Silo, cancellationToken);
        PiQueues queues = new(host.Services.GetRequiredService<IGranaryQueues>());
        await queues.PrepareAsync(cancellationToken);
        QueueProcessor[] workers =
        [
            queues.StartAlwaysYes(),
            queues.StartPythagoras(),
            queues.StartTally(_tally),
            .. Enumerable.Range(0, options.Judges).Select(_ => queues.StartJudge(() => _isMended)),
        ];

        var clock = Stopwatch.StartNew();
        Task chaos = options.HasChaos ? ChaosAsync(cancellationToken) : Task.CompletedTask;
        if (options.HasPoison)
        {
            await queues.PointSender.SendAsync(
                new QueueMessage("no point"u8.ToArray()) { Subject = "pi.bits.11" }, cancellationToken);
        }

        await Roles.BitSourceAsync(queues.PointSender, options.Samples, cancellationToken);
        Console.WriteLine($"published {options.Samples} points in {clock.Elapsed.TotalSeconds:0.0} s");
        await WaitAsync(() => Task.FromResult(_tally.Count >= options.Samples), cancellationToken);
        Console.WriteLine($"counted them after {clock.Elapsed.TotalSeconds:0.0} s");
        await chaos;
        await MendAsync(queues.Administration, cancellationToken);
        bool isRight = await JudgeAsync(queues.Administration, cancellationToken);

        await Task.WhenAll(workers.Select(worker => worker.StopAsync(cancellationToken)));
        await host.StopAsync(cancellationToken);
        return isRight ? 0 : 1;
    }

    /// <summary>A judge as a process of its own, until it is stopped.</summary>
    public static async Task<int> RunJudgeAsync(string silo, CancellationToken cancellationToken)
    {
        using IHost host = await Connection.OpenAsync(silo, cancellationToken);
        PiQueues queues = new(host.Services.GetRequiredService<IGranaryQueues>());
        await using QueueProcessor judge = queues.StartJudge(static () => false);
        await host.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    // A judge that is killed in the middle of its work.
    private async Task ChaosAsync(CancellationToken cancellationToken)
    {
        string[] self = [typeof(PiProgram).Assembly.Location, "judge", "--silo", options.Silo];
        using Process judge = Process.Start("dotnet", self);
        await WaitAsync(() => Task.FromResult(_tally.Count > options.Samples / 3), cancellationToken);
        judge.Kill();
        Console.WriteLine($"killed a judge after {_tally.Count} verdicts");
    }

    private async Task MendAsync(IQueueAdministration administration, CancellationToken cancellationToken)
    {
        if (!options.HasPoison)
        {
            return;
        }

        await WaitAsync(
            async () => (await administration.GetStatisticsAsync(PiQueues.ForJudges, cancellationToken)).Dead == 1,
            cancellationToken);
        await foreach (PeekedMessage dead in administration.PeekAsync(PiQueues.ForJudges, MessageState.Dead, cancellationToken))
        {
            Console.WriteLine($"dead letter, {dead.DeadLetterReason} after {dead.Failures.Count} failures: {dead.Failures[^1].Reason}");
        }

        Console.WriteLine("somebody mends the judges, and redrives it");
        _isMended = true;
        await administration.RedriveAsync(PiQueues.ForJudges, cancellationToken: cancellationToken);
        await WaitAsync(
            async () => (await administration.GetStatisticsAsync(PiQueues.ForJudges, cancellationToken)) is { Ready: 0, Leased: 0, Dead: 0 },
            cancellationToken);
    }

    private async Task<bool> JudgeAsync(IQueueAdministration administration, CancellationToken cancellationToken)
    {
        QueueStatistics verdicts = await administration.GetStatisticsAsync(PiQueues.ForTally, cancellationToken);
        QueueStatistics points = await administration.GetStatisticsAsync(PiQueues.ForJudges, cancellationToken);
        Console.WriteLine($"{_tally.Count} verdicts, {verdicts.Total.Duplicates} that were sent twice; "
            + $"{points.Total.Redelivered} points judged again; {points.Dead} dead letters");
        double share = Math.PI / 4;
        double deviation = 4 * Math.Sqrt(share * (1 - share) / options.Samples);
        Console.WriteLine($"pi is about {_tally.Pi:0.0000}, give or take {deviation:0.0000}");
        return _tally.Count == options.Samples && points.Dead == 0 && Math.Abs(_tally.Pi - Math.PI) < 4 * deviation;
    }

    private static async Task WaitAsync(Func<Task<bool>> until, CancellationToken cancellationToken)
    {
        while (!await until())
        {
            await Task.Delay(100, cancellationToken);
        }
    }
}
