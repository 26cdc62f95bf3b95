namespace Granary.Memcached.Server;

/// <summary>What is to become of a connection.</summary>
internal enum LifeStage
{
    /// <summary>Nothing.</summary>
    Young,

    /// <summary>It has said nothing for too long: it is closed.</summary>
    Idle,

    /// <summary>It ends with its next answer.</summary>
    Old,

    /// <summary>It has not asked for that one: it is closed when it is in the middle of nothing.</summary>
    Overdue,
}
