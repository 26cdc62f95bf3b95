namespace Granary.Benchmarks.Measurement;

/// <summary>One number that a round measured.</summary>
/// <param name="Name">With its unit, as the column's head.</param>
/// <param name="Value">NaN where nothing was recorded.</param>
/// <param name="Format">Of the number in a table.</param>
internal sealed record Figure(string Name, double Value, string Format = "0");
