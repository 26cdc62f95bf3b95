namespace Granary.Store.Copies;

/// <summary>What became of a frame.</summary>
public enum ApplyOutcome
{
    /// <summary>The copy is now what the frame says.</summary>
    Applied,

    /// <summary>The shard is open here. Nothing changed.</summary>
    NotClosed,

    /// <summary>A version of the format that this store does not know. Nothing changed; the copy cannot go on.</summary>
    UnknownVersion,

    /// <summary>
    /// Not a frame, one of another shard, or not the next one of its feed. Nothing changed; the copy cannot go on.
    /// </summary>
    Malformed,
}
