using Granary.Memcached.Server;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Tells what commands have done to who looks at each of them: <c>stats detail</c> and <c>watch</c>. Who tells asks first
/// whether anybody does, which is all that it costs while nobody does. One thread at a time.
/// </summary>
internal sealed class CommandLog(GatewayState gateway)
{
    /// <summary>The connection's, for watchers.</summary>
    public int Descriptor { get; set; }

    /// <summary>Whether anybody looks.</summary>
    public bool IsOn => gateway.Prefixes.IsOn | gateway.Watchers.IsOn; // one branch

    /// <summary>A key was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="status">Whether it was there; other outcomes are not told.</param>
    /// <param name="length">The value's. Bytes.</param>
    /// <param name="isMeta">Whether by a meta command: memcached does not count those by prefix.</param>
    public void Read(ReadOnlySpan<byte> key, CacheStatus status, int length, bool isMeta = false)
    {
        bool isHit = status == CacheStatus.Success;
        if (!isHit && status != CacheStatus.NotFound)
        {
            return;
        }

        if (!isMeta && gateway.Prefixes.IsOn)
        {
            gateway.Prefixes.CountGet(key, isHit);
        }

        if (gateway.Watchers.Wants(WatchedEvents.Fetchers))
        {
            Span<byte> room = stackalloc byte[EventText.MaxLength];
            gateway.Watchers.Tell(WatchedEvents.Fetchers, EventText.Read(room, key, isHit, Descriptor, isHit ? length : 0));
        }
    }

    /// <summary>A value was to be stored.</summary>
    /// <param name="key">The key.</param>
    /// <param name="operation">How: set, add and so on.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="expiration">When it expires.</param>
    /// <param name="length">Of what was sent. Bytes.</param>
    /// <param name="isMeta">Whether by a meta command.</param>
    public void Stored(
        ReadOnlySpan<byte> key, CacheOperation operation, CacheStatus status, Expiration expiration, long length, bool isMeta = false)
    {
        if (!isMeta && gateway.Prefixes.IsOn)
        {
            gateway.Prefixes.CountSet(key);
        }

        if (gateway.Watchers.Wants(WatchedEvents.Mutations))
        {
            long seconds = EventText.SecondsLeft(expiration, gateway.Cache.Store);
            Span<byte> room = stackalloc byte[EventText.MaxLength];
            gateway.Watchers.Tell(
                WatchedEvents.Mutations, EventText.Stored(room, key, operation, status, seconds, Descriptor, length));
        }
    }

    /// <summary>An entry was to be deleted.</summary>
    /// <param name="key">The key.</param>
    /// <param name="status">Whether it was; watchers are told of no others.</param>
    /// <param name="isMeta">Whether by a meta command.</param>
    public void Deleted(ReadOnlySpan<byte> key, CacheStatus status, bool isMeta = false)
    {
        if (!isMeta && gateway.Prefixes.IsOn)
        {
            gateway.Prefixes.CountDelete(key);
        }

        if (status == CacheStatus.Success && gateway.Watchers.Wants(WatchedEvents.Deletions))
        {
            Span<byte> room = stackalloc byte[EventText.MaxLength];
            gateway.Watchers.Tell(WatchedEvents.Deletions, EventText.Deleted(room, key, isMeta));
        }
    }
}
