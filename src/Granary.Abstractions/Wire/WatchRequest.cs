namespace Granary.Wire;

/// <summary>Asks a silo what has changed of the entries whose values the asking client keeps.</summary>
[GenerateSerializer, Immutable, Alias("granary.WatchRequest")]
public sealed record WatchRequest
{
    /// <summary>The log that was read last: see <see cref="WatchReply.Log"/>. 0 for none.</summary>
    [Id(0)]
    public long Log { get; init; }

    /// <summary>Where to go on in it.</summary>
    [Id(1)]
    public long Position { get; init; }

    /// <summary>How long to wait for a change if there is none. Not over a second.</summary>
    [Id(2)]
    public TimeSpan Patience { get; init; }
}
