namespace Granary.Memcached.Server;

/// <summary>Counts TLS handshakes and bounds how many are under way. Thread-safe.</summary>
internal sealed class Handshakes(int max)
{
    private int _underWay;
    private long _succeeded;
    private long _failed;
    private long _refused;

    public long Succeeded => Volatile.Read(ref _succeeded);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Those that were one too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Counts one more; then <see cref="End"/>.</summary>
    /// <returns><see langword="false"/> if there are too many.</returns>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _underWay) > max)
        {
            Interlocked.Decrement(ref _underWay);
            Interlocked.Increment(ref _refused);
            return false;
        }

        return true;
    }

    public void End(bool succeeded)
    {
        Interlocked.Decrement(ref _underWay);
        Interlocked.Increment(ref succeeded ? ref _succeeded : ref _failed);
    }
}
