namespace Granary.Reports;

/// <summary>A key that is used much, by a sample of the operations of the last 10 to 20 seconds.</summary>
/// <param name="Key">Its bytes.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="ReadsPerSecond">About.</param>
/// <param name="WritesPerSecond">About.</param>
[GenerateSerializer, Immutable, Alias("granary.HotKey")]
public sealed record HotKey(
    [property: Id(0)] byte[] Key,
    [property: Id(1)] int Shard,
    [property: Id(2)] double ReadsPerSecond,
    [property: Id(3)] double WritesPerSecond);
