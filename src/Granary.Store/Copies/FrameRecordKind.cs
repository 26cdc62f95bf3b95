namespace Granary.Store.Copies;

/// <summary>What a record of a frame says.</summary>
internal enum FrameRecordKind : byte
{
    /// <summary>An entry, whole.</summary>
    Entry = 1,

    /// <summary>An entry whose value comes in parts: the next records.</summary>
    LongEntry = 2,

    /// <summary>The next part of a value; the last one makes it an entry.</summary>
    Part = 3,

    /// <summary>The key is absent.</summary>
    Deletion = 4,

    /// <summary>Entries of a tag with a lower cas are gone.</summary>
    TagDrop = 5,

    /// <summary>Entries whose keys begin with some bytes, and that have a lower cas, are gone.</summary>
    PrefixDrop = 6,
}
