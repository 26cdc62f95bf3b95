using System.Collections.Concurrent;

namespace Granary.Queues.Logs.Sqlite;

/// <summary>A thread that does what it is handed, in order: SQLite has no asynchronous calls.</summary>
/// <typeparam name="TWork">What it does.</typeparam>
internal sealed class SqliteWorker<TWork> : IDisposable
{
    private readonly BlockingCollection<TWork> _work = [];
    private int _isDisposed;
    private readonly Thread _thread;

    /// <param name="name">Of the thread.</param>
    /// <param name="weigh">Of a piece of work, against <paramref name="maxWeight"/>.</param>
    /// <param name="maxWeight">A group is closed when it weighs so much.</param>
    /// <param name="execute">Does a group: the first piece and all that waited behind it. Must not throw.</param>
    public SqliteWorker(string name, Func<TWork, long> weigh, long maxWeight, Action<IReadOnlyList<TWork>> execute)
    {
        _thread = new Thread(() => Run(weigh, maxWeight, execute)) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <returns>False once it is disposed.</returns>
    public bool TryAdd(TWork work)
    {
        try
        {
            return _work.TryAdd(work);
        }
        catch (InvalidOperationException) // completed or disposed between
        {
            return false;
        }
    }

    /// <summary>Does what waits, then ends.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run(Func<TWork, long> weigh, long maxWeight, Action<IReadOnlyList<TWork>> execute)
    {
        List<TWork> group = [];
        foreach (TWork first in _work.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            long weight = weigh(first);
            while (weight < maxWeight && _work.TryTake(out TWork? next))
            {
                group.Add(next);
                weight += weigh(next);
            }

            execute(group);
        }
    }
}
