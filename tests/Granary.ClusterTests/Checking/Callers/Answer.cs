namespace Granary.ClusterTests.Checking.Callers;

/// <summary>What an operation came to, for who keeps the books.</summary>
internal enum Answer
{
    /// <summary>Not an answer.</summary>
    None = 0,

    /// <summary>Found, stored, counted, touched, deleted.</summary>
    Done,

    /// <summary>A miss, or a condition that did not hold. Nothing changed.</summary>
    NotDone,

    /// <summary>Of compare-and-set: the entry has another cas. Nothing changed.</summary>
    Conflict,

    /// <summary>An error, after which nothing has changed.</summary>
    Refused,

    /// <summary>An error, after which a change may have been applied, or may still be.</summary>
    Unknown,
}
