namespace Granary.Store.Memory;

/// <summary>What a segment is used for.</summary>
internal enum SegmentState : byte
{
    Free = 0,

    /// <summary>A lane or the evictor writes records into it.</summary>
    Open,

    /// <summary>Full of records; may be chosen to be evicted.</summary>
    Sealed,

    /// <summary>Being emptied by the evictor or the sweep, which alone may free it.</summary>
    Claimed,

    /// <summary>The first segment of a chained record; may be chosen to be evicted.</summary>
    ChainHead,

    /// <summary>A further segment of a chained record, or one that is not stored yet.</summary>
    ChainPart,

    /// <summary>The first segment of a chained record that is gone but still being read.</summary>
    Orphaned,

    /// <summary>Holds pages of the index.</summary>
    Index,

    /// <summary>Holds keys that wait in feeds.</summary>
    Keys,
}
