namespace Granary.CommandLine.Verbs.Cache;

/// <summary>An entry, as JSON.</summary>
/// <param name="Key">As it was typed.</param>
/// <param name="Bytes">The value's length.</param>
/// <param name="Flags">The writer's.</param>
/// <param name="Cas">Another after each change.</param>
/// <param name="Value">A text, or base 64.</param>
/// <param name="IsBinary">Whether it is base 64, because it is no text.</param>
internal sealed record EntryView(string Key, int Bytes, uint Flags, ulong Cas, string Value, bool IsBinary);
