namespace Granary.Client.Routing;

/// <summary>How long to wait before an operation is tried again. Thread-safe.</summary>
/// <remarks>10 ms, doubled each time up to 100 ms, less up to half of it so that clients spread.</remarks>
internal sealed class Backoff(Random random)
{
    private const double FirstMilliseconds = 10;
    private const double LongestMilliseconds = 100; // a shard on its way is served again in less
    private const int MaxDoublings = 4;

    private readonly Lock _lock = new();

    public TimeSpan Before(int attempt)
    {
        double full = FirstMilliseconds * (1 << Math.Clamp(attempt - 1, 0, MaxDoublings));
        lock (_lock)
        {
            return TimeSpan.FromMilliseconds(Math.Min(full, LongestMilliseconds) * (1 - (random.NextDouble() / 2)));
        }
    }
}
