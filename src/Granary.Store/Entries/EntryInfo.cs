using Granary.Store.Memory;

namespace Granary.Store.Entries;

/// <summary>What the store knows of an entry beside its key and value.</summary>
/// <param name="ValueLength">Bytes.</param>
/// <param name="Flags">The client's own flags, kept with the value.</param>
/// <param name="Cas">Changes with every change of the value, unless a client chooses it.</param>
/// <param name="ExpiresAt">UTC milliseconds since 1970; 0 for never.</param>
public readonly record struct EntryInfo(int ValueLength, uint Flags, ulong Cas, long ExpiresAt)
{
    internal static unsafe EntryInfo Of(Record* record)
    {
        long expiresAt = Record.Expiry(record);
        return new EntryInfo(
            record->ValueLength,
            Record.Flags(record),
            Record.VisibleCas(record),
            expiresAt == long.MaxValue ? 0 : expiresAt);
    }
}
