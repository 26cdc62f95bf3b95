namespace Granary.CommandLine.Rendering;

/// <summary>A part of a report.</summary>
/// <param name="Line">A line; <see langword="null"/>: it is a table.</param>
/// <param name="Table">A table; <see langword="null"/>: it is a line.</param>
internal readonly record struct Block(IReadOnlyList<Cell>? Line, TextTable? Table);
