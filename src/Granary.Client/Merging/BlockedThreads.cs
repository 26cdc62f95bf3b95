namespace Granary.Client.Merging;

// Orleans' client sends and receives on the thread pool. If callers block all of its threads, and more callers are queued
// before the answers, .NET adds threads one in 25 to 250 ms, and each takes the next caller: 50 callers on two threads wait
// 10 s. So a thread that is blocked for longer than usual has the pool keep one more.

/// <summary>Blocks threads, and has the pool replace its own for as long. Thread-safe.</summary>
internal static class BlockedThreads
{
    // An answer mostly comes sooner.
    private static readonly TimeSpan UsualTime = TimeSpan.FromMilliseconds(10);

    private static readonly Lock Gate = new();

    /// <summary>Blocks until a task has ended.</summary>
    /// <returns><see langword="false"/> if it has not in time.</returns>
    public static bool Wait(Task task, TimeSpan patience)
    {
        if (task.Wait(UsualTime))
        {
            return true;
        }

        bool isReplaced = Thread.CurrentThread.IsThreadPoolThread && TryKeep(1);
        try
        {
            return task.Wait(patience);
        }
        finally
        {
            if (isReplaced)
            {
                TryKeep(-1);
            }
        }
    }

    // Not beyond what the pool may have at most.
    private static bool TryKeep(int more)
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out int workers, out int completions);
            return ThreadPool.SetMinThreads(workers + more, completions);
        }
    }
}
