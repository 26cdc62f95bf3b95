namespace Granary.Reports;

/// <summary>What has happened in a cluster.</summary>
[GenerateSerializer, Alias("granary.ClusterEventKind")]
public enum ClusterEventKind
{
    /// <summary>A silo has joined.</summary>
    Joined = 0,

    /// <summary>A silo is about to leave, and hands over what it has.</summary>
    Draining = 1,

    /// <summary>A silo that had said so has left.</summary>
    Left = 2,

    /// <summary>A silo has gone without a word: it has crashed, or was declared dead.</summary>
    Lost = 3,

    /// <summary>All entries were dropped, or a time was set for that.</summary>
    Flushed = 4,
}
