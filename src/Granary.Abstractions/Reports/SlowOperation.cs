namespace Granary.Reports;

/// <summary>An operation whose answer took long.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Operation">What was asked for.</param>
/// <param name="Key">Of which key; empty where it is not known.</param>
/// <param name="Duration">From when it was given to the silo until it was answered.</param>
/// <param name="Reason">What it waited for: a sentence's part.</param>
[GenerateSerializer, Immutable, Alias("granary.SlowOperation")]
public sealed record SlowOperation(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Operation,
    [property: Id(2)] byte[] Key,
    [property: Id(3)] TimeSpan Duration,
    [property: Id(4)] string Reason);
