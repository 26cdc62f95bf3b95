using System.Diagnostics;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Load;

/// <summary>Runs one round of load.</summary>
internal static class LoadGenerator
{
    /// <exception cref="LoadException">An answer was wrong, so the round does not count.</exception>
    public static async Task<LoadResult> RunAsync(
        LoadTarget target, RequestStream stream, LoadSettings settings, CancellationToken cancellationToken)
    {
        var connections = new List<LoadConnection>(settings.Connections);
        try
        {
            for (int i = 0; i < settings.Connections; i++)
            {
                long first = settings.FirstOperation + ((long)stream.Count * i / settings.Connections);
                connections.Add(new LoadConnection(
                    target, i % target.EndPoints.Length, stream, settings.Pipeline, (int)(first % stream.Count)));
            }

            LoadThread[] threads = [.. Enumerable.Range(0, settings.Threads).Select(thread => new LoadThread(
                [.. connections.Where((_, i) => i % settings.Threads == thread)],
                settings.ServerCpu,
                (double?)settings.Rate / settings.Pipeline / settings.Threads))];
            return await RunAsync(threads, settings, target, cancellationToken);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<LoadResult> RunAsync(
        LoadThread[] threads, LoadSettings settings, LoadTarget target, CancellationToken cancellationToken)
    {
        Task ended = Task.WhenAny(threads.Select(thread => thread.Ended)).Unwrap();
        try
        {
            Array.ForEach(threads, thread => thread.Start());
            await DelayAsync(settings.Warmup, ended, cancellationToken);

            Array.ForEach(threads, thread => thread.StartRecording());
            Snapshot before = Snapshot.Take(threads, target);
            await DelayAsync(settings.Duration, ended, cancellationToken);
            Snapshot after = Snapshot.Take(threads, target);

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
        var local = new LatencyHistogram();
        var forwarded = new LatencyHistogram();
        Array.ForEach(threads, thread => local.Add(thread.Local));
        Array.ForEach(threads, thread => forwarded.Add(thread.Forwarded));
        long operations = after.Completed - before.Completed;
        if (operations == 0)
        {
            throw new LoadException("The server answered nothing in the measured time.");
        }

        return new LoadResult(
            operations,
            Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp),
            Quantiles.Of(local),
            Quantiles.Of(forwarded),
            after.ServerCpu - before.ServerCpu,
            after.LoadCpu - before.LoadCpu);
    }

    private readonly record struct Snapshot(long Timestamp, long Completed, TimeSpan? ServerCpu, TimeSpan LoadCpu)
    {
        public static Snapshot Take(LoadThread[] threads, LoadTarget target) => new(
            Stopwatch.GetTimestamp(),
            threads.Sum(thread => thread.Completed),
            target.ProcessIds is { } ids ? ProcessCpu.Read(ids) : null,
            Environment.CpuUsage.TotalTime);
    }
}
