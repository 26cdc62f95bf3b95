namespace Granary.Store.Copies;

/// <summary>What a frame has done to a copy.</summary>
/// <param name="Outcome">All else is 0 unless it was applied.</param>
/// <param name="Entries">Entries that the copy has now because of it.</param>
/// <param name="Dropped">Entries for which there was no room: the copy has no version of them, older ones neither.</param>
/// <param name="IsScanned">Whether the copy has everything that its shard had, up to the covered changes.</param>
/// <param name="CoveredChanges">The copy has all changes up to this one. See <see cref="CacheStore.ChangesOf"/>.</param>
public readonly record struct ApplyResult(
    ApplyOutcome Outcome, int Entries, int Dropped, bool IsScanned, long CoveredChanges);
