using System.Globalization;

namespace Granary.Benchmarks.Measurement;

/// <summary>One number that a round measured.</summary>
/// <param name="Name">With its unit, as the column's head.</param>
/// <param name="Value">NaN where nothing was recorded.</param>
/// <param name="Format">Of the number in a table.</param>
internal sealed record Figure(string Name, double Value, string Format = "0")
{
    /// <summary>For example "rate msg/s 12345".</summary>
    public override string ToString() => $"{Name} {Value.ToString(Format, CultureInfo.InvariantCulture)}";
}
