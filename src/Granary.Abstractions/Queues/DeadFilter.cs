namespace Granary.Queues;

/// <summary>Which dead letters a redrive or a purge is about. What is not given does not exclude.</summary>
/// <param name="Reason">Exactly this reason.</param>
/// <param name="Positions">One of these.</param>
[GenerateSerializer, Immutable, Alias("granary.DeadFilter")]
public sealed record DeadFilter(
    [property: Id(0)] string? Reason = null,
    [property: Id(1)] MessagePosition[]? Positions = null)
{
    /// <summary>All dead letters.</summary>
    public static DeadFilter All { get; } = new();

    /// <summary>Whether a dead letter is meant.</summary>
    public bool Includes(MessagePosition position, string? reason) =>
        (Reason is null || reason == Reason) && (Positions is null || Array.IndexOf(Positions, position) >= 0);
}
