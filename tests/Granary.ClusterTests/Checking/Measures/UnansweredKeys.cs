using System.Collections.Concurrent;

namespace Granary.ClusterTests.Checking.Measures;

/// <summary>
/// The keys of a run whose last operation failed, for the workers to ask for: a key that is wanted once in a second says
/// nothing of when it could be read again. Thread-safe.
/// </summary>
internal sealed class UnansweredKeys
{
    private readonly ConcurrentQueue<UnansweredKey> _keys = new();

    /// <summary>Adds a key that has begun to fail, or was asked for in vain.</summary>
    public void Add(UnansweredKey key) => _keys.Enqueue(key);

    /// <summary>Takes the key that has waited longest and that nobody has had an answer for meanwhile.</summary>
    public bool TryTake(out UnansweredKey key)
    {
        while (_keys.TryDequeue(out key))
        {
            if (key.Watch.IsFailing)
            {
                return true;
            }
        }

        return false;
    }
}
