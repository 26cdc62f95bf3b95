namespace Granary.Store.Copies;

/// <summary>
/// What frames may hold for who is to read them. A frame without windows, marks and tags is the same in all formats.
/// </summary>
public enum FrameFormat : byte
{
    /// <summary>Not known yet: a frame ends before the first entry that has a window, a mark or a tag.</summary>
    Unknown = 0,

    /// <summary>Entries without windows: one that has one expires at a time, whatever is read.</summary>
    WithoutWindows = 1,

    /// <summary>
    /// Entries without marks, and with the shard's own cas: one that is stale is left out, because it would be taken for
    /// fresh.
    /// </summary>
    WithoutMarks = 2,

    /// <summary>Entries without tags: one that has some is left out, because it would stay when a tag is dropped.</summary>
    WithoutTags = 3,

    /// <summary>Drops of tags alone: when a namespace is dropped, the copy begins again.</summary>
    WithoutPrefixes = 4,

    /// <summary>All that there is.</summary>
    Newest = 5,
}
