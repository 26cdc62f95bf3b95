using System.Diagnostics;
using System.Net;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Load;

/// <summary>Runs one round of load against one server.</summary>
internal static class LoadGenerator
{
    /// <exception cref="LoadException">An answer was wrong, so the round does not count.</exception>
    /// <remarks>Without <paramref name="serverProcessId"/> the server's processor time stays unknown.</remarks>
    public static async Task<LoadResult> RunAsync(
        IPEndPoint server, RequestStream stream, LoadSettings settings, int? serverProcessId,
        CancellationToken cancellationToken)
    {
        var connections = new List<LoadConnection>(settings.Connections);
        try
        {
            for (int i = 0; i < settings.Connections; i++)
            {
                long first = settings.FirstOperation + ((long)stream.Count * i / settings.Connections);
                connections.Add(new LoadConnection(server, stream, settings.Pipeline, (int)(first % stream.Count)));
            }

            LoadThread[] threads = [.. Enumerable.Range(0, settings.Threads).Select(thread => new LoadThread(
                [.. connections.Where((_, i) => i % settings.Threads == thread)], settings.ServerCpu))];
            return await RunAsync(threads, settings, serverProcessId, cancellationToken);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<LoadResult> RunAsync(
        LoadThread[] threads, LoadSettings settings, int? serverProcessId, CancellationToken cancellationToken)
    {
        Task ended = Task.WhenAny(threads.Select(thread => thread.Ended)).Unwrap();
        try
        {
            Array.ForEach(threads, thread => thread.Start());
            await DelayAsync(settings.Warmup, ended, cancellationToken);

            Array.ForEach(threads, thread => thread.StartRecording());
            Snapshot before = Snapshot.Take(threads, serverProcessId);
            await DelayAsync(settings.Duration, ended, cancellationToken);
            Snapshot after = Snapshot.Take(threads, serverProcessId);

            Array.ForEach(threads, thread => thread.Stop());
            await Task.WhenAll(threads.Select(thread => thread.Ended));
            return Result(before, after, threads);
        }
        finally
        {
            Array.ForEach(threads, thread => thread.Stop());
            await Task.WhenAll(threads.Select(thread => thread.Ended))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Load threads end early only by failing.
    private static async Task DelayAsync(TimeSpan duration, Task ended, CancellationToken cancellationToken) =>
        await await Task.WhenAny(Task.Delay(duration, cancellationToken), ended);

    private static LoadResult Result(Snapshot before, Snapshot after, LoadThread[] threads)
    {
        var latency = new LatencyHistogram();
        Array.ForEach(threads, thread => latency.Add(thread.Latency));
        long operations = after.Completed - before.Completed;
        if (operations == 0)
        {
            throw new LoadException("The server answered nothing in the measured time.");
        }

        return new LoadResult(
            operations,
            Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp),
            latency.MicrosecondsAt(0.50),
            latency.MicrosecondsAt(0.99),
            after.ServerCpu - before.ServerCpu,
            after.LoadCpu - before.LoadCpu);
    }

    private readonly record struct Snapshot(long Timestamp, long Completed, TimeSpan? ServerCpu, TimeSpan LoadCpu)
    {
        public static Snapshot Take(LoadThread[] threads, int? serverProcessId) => new(
            Stopwatch.GetTimestamp(),
            threads.Sum(thread => thread.Completed),
            serverProcessId is { } id ? ProcessCpu.Read(id) : null,
            Environment.CpuUsage.TotalTime);
    }
}
