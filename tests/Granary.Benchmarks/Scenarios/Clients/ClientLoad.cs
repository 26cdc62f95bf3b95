using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>Fills a cache through its client, and runs one round of a workload.</summary>
internal static class ClientLoad
{
    private const int FillCallers = 64;

    public static async Task FillAsync(ICacheUnderTest cache, ClientData data, CancellationToken cancellationToken)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, FillCallers).Select(_ => StoreAsync()));

        async Task StoreAsync()
        {
            for (int number; (number = Interlocked.Increment(ref next)) < data.KeyCount;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await cache.SetAsync(data.Key(number), data.Value);
            }
        }
    }

    /// <exception cref="LoadException">A value was missing or wrong, so the round does not count.</exception>
    public static async Task<ClientResult> RunAsync(
        ICacheUnderTest cache, ClientData data, Workload workload, TimeSpan warmup, TimeSpan duration,
        int[] serverProcessIds, CancellationToken cancellationToken)
    {
        ClientCaller[] callers =
            [.. Enumerable.Range(0, workload.Callers).Select(seed => new ClientCaller(cache, data, workload, seed))];
        Task[] loops = [.. callers.Select(caller => Task.Run(caller.RunAsync, CancellationToken.None))];
        Task ended = Task.WhenAny(loops).Unwrap(); // a loop ends early only by failing
        try
        {
            await await Task.WhenAny(Task.Delay(warmup, cancellationToken), ended);
            Array.ForEach(callers, caller => caller.StartRecording());
            Snapshot before = Snapshot.Take(callers, serverProcessIds);
            await await Task.WhenAny(Task.Delay(duration, cancellationToken), ended);
            Snapshot after = Snapshot.Take(callers, serverProcessIds);

            Array.ForEach(callers, caller => caller.Stop());
            await Task.WhenAll(loops);
            return Result(before, after, callers);
        }
        finally
        {
            Array.ForEach(callers, caller => caller.Stop());
            await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ClientResult Result(Snapshot before, Snapshot after, ClientCaller[] callers)
    {
        var latency = new LatencyHistogram();
        Array.ForEach(callers, caller => latency.Add(caller.Latency));
        long operations = after.Completed - before.Completed;
        if (operations == 0)
        {
            throw new LoadException("No call was answered in the measured time.");
        }

        return new ClientResult(
            operations,
            Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp),
            Quantiles.Of(latency),
            after.ClientCpu - before.ClientCpu,
            after.ServerCpu - before.ServerCpu,
            after.AllocatedBytes - before.AllocatedBytes);
    }

    private readonly record struct Snapshot(
        long Timestamp, long Completed, TimeSpan ClientCpu, TimeSpan ServerCpu, long AllocatedBytes)
    {
        public static Snapshot Take(ClientCaller[] callers, int[] serverProcessIds) => new(
            Stopwatch.GetTimestamp(),
            callers.Sum(caller => caller.Completed),
            Environment.CpuUsage.TotalTime,
            ProcessCpu.Read(serverProcessIds),
            GC.GetTotalAllocatedBytes());
    }
}
