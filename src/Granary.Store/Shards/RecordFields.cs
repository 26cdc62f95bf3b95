using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>Gives a record fields that it was written without. The shard's lock is held.</summary>
internal static unsafe class RecordFields
{
    /// <summary>Writes an entry anew, as it is, if its record lacks a field. Chained records have these two.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="hash">The key's.</param>
    /// <param name="slot">The entry's; from then on it may have another record.</param>
    /// <param name="expiry">Whether it is to have one for the expiry: never, until it is set.</param>
    /// <param name="givenCas">Whether it is to have one for a cas that a client has chosen.</param>
    /// <returns><see langword="false"/> if there is no room now; nothing changed.</returns>
    public static bool TryAdd(Shard shard, ulong hash, ulong* slot, bool expiry, bool givenCas)
    {
        Record* record = shard.Index.RecordOf(*slot);
        bool isThere = (record->HasExpiry || !expiry) && (record->HasGivenCas || !givenCas);
        return isThere || TryRewrite(shard, hash, slot, expiry, givenCas);
    }

    private static bool TryRewrite(Shard shard, ulong hash, ulong* slot, bool expiry, bool givenCas)
    {
        Record* record = shard.Index.RecordOf(*slot);
        var entry = new NewEntry
        {
            Key = Record.Key(record),
            First = Record.Value(record),
            Flags = Record.Flags(record),
            ExpiresAt = record->HasExpiry ? Record.Expiry(record) : expiry ? long.MaxValue : 0,
            Window = Record.Window(record),
            Cas = record->Cas,
            HasGivenCas = givenCas || record->HasGivenCas,
            GivenCas = Record.GivenCas(record),
            Marks = record->Marks,
            Tags = Record.Tags(record),
            KeepsOldBytes = true,
        };
        uint lastUse = record->LastUse;
        ushort stamp = record->UseStamp;
        int uses = record->Uses;
        if (!shard.TryPlace(hash, slot, entry))
        {
            return false;
        }

        record = shard.Index.RecordOf(*slot);
        record->Use(lastUse, stamp);
        record->Uses = uses;
        return true;
    }
}
