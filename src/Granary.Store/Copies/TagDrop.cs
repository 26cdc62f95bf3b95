namespace Granary.Store.Copies;

/// <summary>A tag that was dropped, on its way to a copy.</summary>
/// <param name="Change">The number of that change.</param>
/// <param name="Tag">The tag's hash.</param>
/// <param name="BelowCas">Entries of the tag with a lower cas are gone.</param>
internal readonly record struct TagDrop(long Change, ulong Tag, ulong BelowCas);
