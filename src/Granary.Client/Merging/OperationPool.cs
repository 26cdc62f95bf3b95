using System.Collections.Concurrent;

namespace Granary.Client.Merging;

/// <summary>Keeps operations for their next callers. Thread-safe.</summary>
/// <remarks>A slot per thread comes first: what a caller awaits it mostly also returns and takes next.</remarks>
internal static class OperationPool<T>
    where T : class, new()
{
    private const int MaxKept = 1024; // as many callers as wait at once in busy processes

    private static readonly ConcurrentQueue<T> Shared = new();
    private static int _sharedCount;

    [ThreadStatic]
    private static T? _mine;

    public static T Rent()
    {
        T? kept = _mine;
        if (kept is not null)
        {
            _mine = null;
            return kept;
        }

        if (Shared.TryDequeue(out kept))
        {
            Interlocked.Decrement(ref _sharedCount);
            return kept;
        }

        return new T();
    }

    public static void Return(T item)
    {
        if (_mine is null)
        {
            _mine = item;
        }
        else if (Interlocked.Increment(ref _sharedCount) <= MaxKept)
        {
            Shared.Enqueue(item);
        }
        else
        {
            Interlocked.Decrement(ref _sharedCount);
        }
    }
}
