namespace Granary.Store.Eviction;

/// <summary>Repeats an operation that found no room, making some in between: others may take it first.</summary>
internal struct RoomAttempts(Evictor evictor)
{
    private const int Max = 64;

    private int _count;

    /// <summary>Whether this try is the first one.</summary>
    public readonly bool IsFirst => _count == 1;

    /// <summary>Whether to try, for the first time or again. Call it without any lock.</summary>
    public bool Next() => _count++ == 0 || (_count <= Max && evictor.MakeRoom());
}
