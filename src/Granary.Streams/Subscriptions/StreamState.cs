namespace Granary.Streams.Subscriptions;

/// <summary>A state as its message has it.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Version">Higher than that of the state before.</param>
/// <param name="Writer">Of one write; tells it from another's of the same version.</param>
/// <param name="Content">Empty: there is none any more.</param>
[GenerateSerializer, Immutable, Alias("granary.StreamState")]
internal sealed record StreamState(
    [property: Id(0)] string Key,
    [property: Id(1)] long Version,
    [property: Id(2)] Guid Writer,
    [property: Id(3)] ReadOnlyMemory<byte> Content);
