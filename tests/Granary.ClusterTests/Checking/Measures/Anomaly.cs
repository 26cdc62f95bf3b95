namespace Granary.ClusterTests.Checking.Measures;

/// <summary>What a cluster may do to what it has acknowledged.</summary>
internal enum Anomaly
{
    /// <summary>An acknowledged write is not there any more. Counted once per write.</summary>
    Lost = 0,

    /// <summary>A change was applied more often than it was asked for, or two callers were told the same.</summary>
    Doubled,

    /// <summary>An answer older than what was acknowledged before the question, or an entry past its time.</summary>
    Stale,

    /// <summary>A reader saw a change that was not acknowledged, and then one saw an older one.</summary>
    RolledBack,

    /// <summary>A change whose outcome was unknown overwrote one that was begun and acknowledged after it.</summary>
    Late,

    /// <summary>A value, flags or a cas that nobody wrote.</summary>
    Wrong,

    /// <summary>Could not be read at the end, so nothing is known.</summary>
    Unverified,
}
