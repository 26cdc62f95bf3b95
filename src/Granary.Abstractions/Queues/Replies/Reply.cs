namespace Granary.Queues;

/// <summary>Client to client: what a request is answered.</summary>
/// <param name="CorrelationId">The request's.</param>
/// <param name="Body">The answer.</param>
[GenerateSerializer, Immutable, Alias("granary.Reply")]
public sealed record Reply([property: Id(0)] string CorrelationId, [property: Id(1)] ReadOnlyMemory<byte> Body);
