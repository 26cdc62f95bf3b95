using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>What the store knows of an entry, as the wire between silos says it.</summary>
public static class EntryStates
{
    /// <summary>Of an entry that was read.</summary>
    /// <param name="details">The entry.</param>
    /// <param name="store">Whose clock counts. It is read only if the entry expires.</param>
    public static EntryState Of(in EntryDetails details, CacheStore store)
    {
        var bits = (StateBits)details.Marks; // the first four are the same
        return new EntryState
        {
            Bits = bits
                | (details.IsCreated ? StateBits.Created : StateBits.None)
                | (details.HasWon ? StateBits.Won : StateBits.None)
                | (details.IsWatched ? StateBits.Watched : StateBits.None),
            SecondsLeft = SecondsLeft(details.Entry.ExpiresAt, store),
            SecondsUnused = details.SecondsUnused,
            ValueLength = details.Entry.ValueLength,
            RecordBytes = details.RecordBytes,
        };
    }

    /// <summary>Of an entry that was counted.</summary>
    /// <param name="outcome">The entry.</param>
    /// <param name="store">Whose clock counts.</param>
    public static EntryState Of(in CountOutcome outcome, CacheStore store) => new()
    {
        Bits = outcome.IsCreated ? StateBits.Created : StateBits.None,
        SecondsLeft = SecondsLeft(outcome.ExpiresAt, store),
    };

    /// <summary>Milliseconds until an entry expires, for <see cref="StateBits.Watched"/>: 0 for never, at least 1 else.</summary>
    /// <param name="expiresAt">UTC milliseconds; 0 for never.</param>
    /// <param name="store">Whose clock counts.</param>
    public static ulong MillisecondsLeft(long expiresAt, CacheStore store) =>
        expiresAt == 0 ? 0 : (ulong)Math.Max(1, expiresAt - store.UnixMilliseconds);

    private static long SecondsLeft(long expiresAt, CacheStore store) =>
        expiresAt == 0 ? -1 : Expiration.SecondsLeft(expiresAt, store.UnixMilliseconds);
}
