namespace Granary.Wire;

/// <summary>What has changed at a silo since it was asked last.</summary>
[GenerateSerializer, Immutable, Alias("granary.WatchReply")]
public sealed record WatchReply
{
    /// <summary>The log; another life of the silo has another.</summary>
    [Id(0)]
    public required long Log { get; init; }

    /// <summary>Where to go on in it.</summary>
    [Id(1)]
    public required long Position { get; init; }

    /// <summary>
    /// The shards that are served, if what came before is not known: everything that was read at this silo may be old.
    /// <see langword="null"/> if the changes go on from where the client was.
    /// </summary>
    [Id(2)]
    public int[]? Shards { get; init; }

    /// <summary>Oldest first.</summary>
    [Id(3)]
    public EntryChange[] Changes { get; init; } = [];
}
