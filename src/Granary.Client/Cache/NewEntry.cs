namespace Granary.Client;

/// <summary>One of many entries that are stored together, each with options of its own.</summary>
/// <typeparam name="T">The value's type; see <see cref="IGranaryCache"/> for how values map to bytes.</typeparam>
/// <param name="Key">The entry's key.</param>
/// <param name="Value">The value.</param>
/// <param name="Options">Expiration and flags.</param>
public readonly record struct NewEntry<T>(CacheKey Key, T Value, EntryOptions Options = default);
