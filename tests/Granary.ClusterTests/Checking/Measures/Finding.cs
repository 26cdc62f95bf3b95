using System.Globalization;

namespace Granary.ClusterTests.Checking.Measures;

/// <summary>One thing that should not have happened.</summary>
/// <param name="At">From the beginning of the run.</param>
/// <param name="Family">Of the key.</param>
/// <param name="Anomaly">What it is.</param>
/// <param name="Key">The entry.</param>
/// <param name="Description">What was expected and what was there.</param>
internal sealed record Finding(TimeSpan At, string Family, Anomaly Anomaly, string Key, string Description)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{At.TotalSeconds:F3} s {Anomaly} {Family} {Key}: {Description}");
}
