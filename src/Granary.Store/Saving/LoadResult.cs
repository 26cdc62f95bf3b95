namespace Granary.Store.Saving;

/// <summary>How a load has ended.</summary>
/// <param name="Outcome">The others are 0 unless it was loaded.</param>
/// <param name="SavedEntries">Entries that were saved.</param>
/// <param name="Entries">Entries that are in the store because of it: not those that have expired or have no room.</param>
public readonly record struct LoadResult(LoadOutcome Outcome, long SavedEntries, long Entries);
