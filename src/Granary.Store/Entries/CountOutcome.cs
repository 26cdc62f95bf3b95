namespace Granary.Store.Entries;

/// <summary>What was counted.</summary>
/// <param name="Number">The new number.</param>
/// <param name="Cas">The entry's new cas.</param>
/// <param name="ExpiresAt">When it expired before that was changed. UTC milliseconds since 1970; 0 for never.</param>
/// <param name="IsCreated">Whether the key was absent.</param>
public readonly record struct CountOutcome(ulong Number, ulong Cas, long ExpiresAt, bool IsCreated);
