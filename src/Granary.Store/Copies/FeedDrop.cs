namespace Granary.Store.Copies;

/// <summary>A tag or a prefix of keys that was dropped, on its way to a copy.</summary>
/// <param name="Change">The number of that change.</param>
/// <param name="Tag">The tag's hash.</param>
/// <param name="Prefix">What the keys begin with; empty for a tag.</param>
/// <param name="BelowCas">Entries of them with a lower cas are gone.</param>
internal readonly record struct FeedDrop(long Change, ulong Tag, ReadOnlyMemory<byte> Prefix, ulong BelowCas);
