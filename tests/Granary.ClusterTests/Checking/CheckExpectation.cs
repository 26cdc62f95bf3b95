namespace Granary.ClusterTests.Checking;

/// <summary>What a run may show. The defaults are the strictest: nothing.</summary>
internal sealed record CheckExpectation
{
    /// <summary>Nothing lost, nothing wrong, no error, no key without an answer for over a second.</summary>
    public static readonly CheckExpectation NothingLost = new();

    /// <summary>Entries may be missing and operations fail; nothing that is there may be wrong, old or doubled.</summary>
    public static readonly CheckExpectation MissesAllowed = new()
    {
        MayLose = true,
        MaxErrors = long.MaxValue,
        MaxPause = TimeSpan.MaxValue,
    };

    /// <summary>Whether acknowledged entries may be missing.</summary>
    public bool MayLose { get; init; }

    /// <summary>
    /// Whether a change of unknown outcome may overwrite a later one: where a silo is stopped and goes on, commands that
    /// nobody waits for any more are executed then, as a single memcached would.
    /// </summary>
    public bool MayBeLate { get; init; }

    /// <summary>Whether what a reader saw before it was acknowledged may be gone: a crash may do that.</summary>
    public bool MayRollBack { get; init; }

    /// <summary>Operations that may fail, of both protocols.</summary>
    public long MaxErrors { get; init; }

    /// <summary>Longest time for which a key may be without an answer.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(1);
}
