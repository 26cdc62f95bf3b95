using Granary.Cache.Routing;

namespace Granary.Memcached.Server;

/// <summary>Counts the bytes that connections hold beside the shared buffers of their loop. Thread-safe.</summary>
internal sealed class BufferBudget(long maxBytes) : IByteBudget
{
    private long _used;

    public long UsedBytes => Volatile.Read(ref _used);

    /// <inheritdoc/>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= maxBytes)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <inheritdoc/>
    public void Return(int bytes) => Interlocked.Add(ref _used, -bytes);
}
