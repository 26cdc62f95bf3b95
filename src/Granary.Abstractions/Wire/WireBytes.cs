namespace Granary.Wire;

/// <summary>Bytes as an Orleans message body: a packed batch, its packed reply, or a page of a value.</summary>
/// <param name="Memory">At most <see cref="WireLimits.MaxBatchBytes"/> bytes.</param>
[GenerateSerializer, Immutable, Alias("granary.WireBytes")]
public readonly record struct WireBytes([property: Id(0)] ReadOnlyMemory<byte> Memory);
