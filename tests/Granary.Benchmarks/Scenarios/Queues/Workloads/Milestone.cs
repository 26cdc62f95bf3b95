namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>A count that says when it has reached its target. Safe.</summary>
internal sealed class Milestone(long target)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    public Task Reached => _reached.Task;

    public long Count => Volatile.Read(ref _count);

    public void Add()
    {
        if (Interlocked.Increment(ref _count) == target)
        {
            _reached.SetResult();
        }
    }
}
