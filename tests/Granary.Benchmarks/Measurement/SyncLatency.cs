using System.Diagnostics;

namespace Granary.Benchmarks.Measurement;

/// <summary>How long the disk takes to make an appended page durable: the least any strict confirmation costs.</summary>
internal static class SyncLatency
{
    private const int PageBytes = 4096;

    public static LatencyHistogram Measure(string directory, int count)
    {
        var latency = new LatencyHistogram();
        string path = Path.Combine(directory, Path.GetRandomFileName());
        byte[] page = new byte[PageBytes];
        new Random(1).NextBytes(page);
        using var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true); // fsync(2)
            latency.Record(Stopwatch.GetTimestamp() - start, 1);
        }

        return latency;
    }
}
