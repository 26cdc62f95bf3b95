namespace Granary.Store.Entries;

/// <summary>What was stored.</summary>
/// <param name="Cas">The entry's new cas.</param>
/// <param name="ValueLength">Length of the whole value: after append and prepend more than what came. Bytes.</param>
public readonly record struct PutOutcome(ulong Cas, int ValueLength);
