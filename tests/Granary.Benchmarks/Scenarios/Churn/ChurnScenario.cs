using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>
/// All servers under the same load at the same time, so that a bad moment of the machine meets each: four that write values
/// of random sizes, half of them under new keys and a quarter to expire soon, and two that read. At the end the memory is
/// halved, one server after the other, while the load goes on.
/// </summary>
internal sealed class ChurnScenario(ChurnSettings settings, TextWriter output)
{
    // Runtimes compile, and the memory fills.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan TellPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The exit code: 0 if every server was there and gave right answers throughout.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        List<RunningPeer> servers =
            await PeerCatalog.StartAsync(settings.Peers, settings.PeerSettings, output, cancellationToken);
        try
        {
            ChurnSubject[] subjects = [.. servers.Select(server => new ChurnSubject(server, settings))];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.PeerSettings.MemoryMebibytes} MiB each, values of {ChurnValues.LeastBytes} to {settings.MaxValueBytes} B, "
                + $"{settings.Rate} operations/s each, {settings.Duration.TotalSeconds:0} s"));
            Array.ForEach(subjects, static subject => subject.Start());
            await WatchAsync(subjects, WarmUp, cancellationToken);
            Array.ForEach(subjects, static subject => subject.Record(true));
            await WatchAsync(subjects, settings.Duration, cancellationToken);
            Array.ForEach(subjects, static subject => subject.Record(false));
            TimeSpan[] halvings = await HalveAsync(subjects, cancellationToken);
            foreach (ChurnSubject subject in subjects)
            {
                await subject.StopAsync();
            }

            Print(subjects, halvings);
            return servers.Count == settings.Peers.Length ? 0 : 1;
        }
        catch (Exception error) when (error is LoadException or PeerException or SocketException)
        {
            output.WriteLine(error.Message);
            return 1;
        }
        finally
        {
            await PeerCatalog.StopAsync(servers);
        }
    }

    private async Task WatchAsync(ChurnSubject[] subjects, TimeSpan duration, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan told = TimeSpan.Zero;
        for (TimeSpan passed = TimeSpan.Zero; passed < duration; passed = Stopwatch.GetElapsedTime(start))
        {
            Task delay = Task.Delay(LookPeriod, cancellationToken);
            await await Task.WhenAny([delay, .. subjects.Select(static subject => subject.Ended)]);
            foreach (ChurnSubject subject in subjects)
            {
                await subject.WatchAsync(cancellationToken);
            }

            if (passed - told >= TellPeriod)
            {
                told = passed;
                output.WriteLine($"{passed:mm\\:ss}  {string.Join(", ", subjects.Select(static subject =>
                    $"{subject.Server.Name} {subject.Operations} operations, {subject.Evictions} evicted, {subject.Expirations} expired"))}");
            }
        }
    }

    private async Task<TimeSpan[]> HalveAsync(ChurnSubject[] subjects, CancellationToken cancellationToken)
    {
        var times = new TimeSpan[subjects.Length];
        for (int subject = 0; subject < subjects.Length; subject++)
        {
            times[subject] = await subjects[subject].LimitAsync(
                settings.PeerSettings.MemoryMebibytes / 2, Patience, cancellationToken);
        }

        return times;
    }

    private void Print(ChurnSubject[] subjects, TimeSpan[] halvings)
    {
        var table = new TextTable(
            "server", "operations", "hits, %", "evicted", "expired", "get us: p50", "p99", "p99.9", "set us: p50", "p99", "p99.9",
            "most of the limit, %", "resident, MiB", "gen 2", "halved in, s");
        foreach ((ChurnSubject subject, TimeSpan halving) in subjects.Zip(halvings))
        {
            LatencyHistogram gets = subject.Gets;
            LatencyHistogram sets = subject.Sets;
            table.Add(
                subject.Server.Name,
                Text(subject.Operations),
                Text(subject.HitRatio * 100, "0.0"),
                Text(subject.Evictions),
                Text(subject.Expirations),
                Text(gets.MicrosecondsAt(0.5)),
                Text(gets.MicrosecondsAt(0.99)),
                Text(gets.MicrosecondsAt(0.999)),
                Text(sets.MicrosecondsAt(0.5)),
                Text(sets.MicrosecondsAt(0.99)),
                Text(sets.MicrosecondsAt(0.999)),
                Text(subject.GreatestShare * 100, "0.0"),
                Text(subject.GreatestResident >> 20),
                subject.FullCollections < 0 ? "-" : Text(subject.FullCollections),
                Text(halving.TotalSeconds, "0.0"));
        }

        table.Print(output);
    }

    private static string Text(double number, string format = "0") => number.ToString(format, CultureInfo.InvariantCulture);
}
