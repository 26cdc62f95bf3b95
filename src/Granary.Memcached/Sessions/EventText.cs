using System.Globalization;
using System.Text.Unicode;
using Granary.Memcached.Protocol;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>What watchers are told of an entry, in memcached's words: pairs of name and value.</summary>
internal static class EventText
{
    /// <summary>Longest text, of a key of <see cref="CacheStore.MaxKeyBytes"/>. Bytes.</summary>
    public const int MaxLength = MaxKeyLength + 256;

    private const int MaxKeyLength = EscapedKey.MaxGrowth * CacheStore.MaxKeyBytes;

    // type=item_get key=<key> status=found|not_found clsid=<class> cfd=<descriptor> size=<bytes>
    public static ReadOnlySpan<byte> Read(Span<byte> room, ReadOnlySpan<byte> key, bool isHit, int descriptor, int length)
    {
        ReadOnlySpan<byte> name = EscapedKey.Write(key, stackalloc byte[MaxKeyLength]);
        string status = isHit ? "found" : "not_found";
        int number = isHit ? ClassStatistics.Class : 0;
        Utf8.TryWrite(
            room,
            CultureInfo.InvariantCulture,
            $"type=item_get key={name} status={status} clsid={number} cfd={descriptor} size={length}",
            out int written);
        return room[..written];
    }

    // type=item_store key=<key> status=<status> cmd=<command> ttl=<seconds> clsid=<class> cfd=<descriptor> size=<bytes>
    public static ReadOnlySpan<byte> Stored(
        Span<byte> room,
        ReadOnlySpan<byte> key,
        CacheOperation operation,
        CacheStatus status,
        long secondsLeft,
        int descriptor,
        long length)
    {
        ReadOnlySpan<byte> name = EscapedKey.Write(key, stackalloc byte[MaxKeyLength]);
        Utf8.TryWrite(
            room,
            CultureInfo.InvariantCulture,
            $"type=item_store key={name} status={WordOf(status)} cmd={WordOf(operation)} ttl={secondsLeft} "
                + $"clsid={ClassStatistics.Class} cfd={descriptor} size={length}",
            out int written);
        return room[..written];
    }

    // type=deleted key=<key> cmd=delete|md clsid=<class>
    // memcached has the size as well, which the silo that deletes does not tell.
    public static ReadOnlySpan<byte> Deleted(Span<byte> room, ReadOnlySpan<byte> key, bool isMeta)
    {
        ReadOnlySpan<byte> name = EscapedKey.Write(key, stackalloc byte[MaxKeyLength]);
        string command = isMeta ? "md" : "delete";
        Utf8.TryWrite(
            room, CultureInfo.InvariantCulture, $"type=deleted key={name} cmd={command} clsid={ClassStatistics.Class}", out int written);
        return room[..written];
    }

    // type=eviction key=<key> fetch=yes|no ttl=<seconds, or -1> la=<seconds> clsid=<class> size=<bytes>
    public static ReadOnlySpan<byte> Evicted(Span<byte> room, ReadOnlySpan<byte> key, in EntryDetails details, long now)
    {
        ReadOnlySpan<byte> name = EscapedKey.Write(key, stackalloc byte[MaxKeyLength]);
        string fetched = (details.Marks & EntryMarks.Fetched) != EntryMarks.None ? "yes" : "no";
        long secondsLeft = Expiration.SecondsLeft(details.Entry.ExpiresAt, now);
        Utf8.TryWrite(
            room,
            CultureInfo.InvariantCulture,
            $"type=eviction key={name} fetch={fetched} ttl={secondsLeft} la={details.SecondsUnused} "
                + $"clsid={ClassStatistics.Class} size={details.Entry.ValueLength}",
            out int written);
        return room[..written];
    }

    /// <summary>Seconds until something expires; 0 for never, as memcached has it.</summary>
    public static long SecondsLeft(Expiration expiration, CacheStore store) => expiration.Raw >= 0
        ? expiration.Raw / 1000
        : Expiration.SecondsLeft(-expiration.Raw, store.UnixMilliseconds);

    private static string WordOf(CacheStatus status) => status switch
    {
        CacheStatus.Success => "stored",
        CacheStatus.NotStored => "not_stored",
        CacheStatus.Exists => "exists",
        CacheStatus.NotFound => "not_found",
        CacheStatus.TooLarge => "too_large",
        CacheStatus.NoRoom => "no_memory",
        _ => "unknown", // of a silo that could not be reached
    };

    private static string WordOf(CacheOperation operation) => operation switch
    {
        CacheOperation.Add => "add",
        CacheOperation.Replace => "replace",
        CacheOperation.Append => "append",
        CacheOperation.Prepend => "prepend",
        CacheOperation.CompareAndSet => "cas",
        _ => "set",
    };
}
