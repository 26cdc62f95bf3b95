using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Tells what commands have done to who looks at each of them: <c>stats detail</c>. Who tells asks first whether anybody does,
/// which is all that it costs while nobody does. One thread at a time.
/// </summary>
internal sealed class CommandLog(GatewayState gateway)
{
    /// <summary>Whether anybody looks.</summary>
    public bool IsOn => gateway.Prefixes.IsOn;

    /// <summary>A key was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="status">Whether it was there; other outcomes are not told.</param>
    public void Read(ReadOnlySpan<byte> key, CacheStatus status)
    {
        if (status is CacheStatus.Success or CacheStatus.NotFound)
        {
            gateway.Prefixes.CountGet(key, status == CacheStatus.Success);
        }
    }

    /// <summary>A value was to be stored.</summary>
    public void Stored(ReadOnlySpan<byte> key) => gateway.Prefixes.CountSet(key);

    /// <summary>An entry was to be deleted.</summary>
    public void Deleted(ReadOnlySpan<byte> key) => gateway.Prefixes.CountDelete(key);
}
