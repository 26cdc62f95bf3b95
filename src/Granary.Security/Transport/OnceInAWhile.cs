namespace Granary.Security.Transport;

/// <summary>Is true for the first who asks, and then for the first after each pause. Thread-safe.</summary>
internal sealed class OnceInAWhile(TimeSpan pause, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _last;

    public bool IsTime()
    {
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last) < pause)
            {
                return false;
            }

            _last = time.GetTimestamp();
            return true;
        }
    }
}
