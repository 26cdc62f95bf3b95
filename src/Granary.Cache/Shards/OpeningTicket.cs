namespace Granary.Cache.Shards;

/// <summary>Tells a new activation which copy on its silo is the one to serve, so that it need not ask around.</summary>
/// <param name="Term">The term to serve at.</param>
/// <param name="Copy">The copy that the last owner has completed; 0 for whatever copy the silo has offered for the term.</param>
internal readonly record struct OpeningTicket(long Term, long Copy);
