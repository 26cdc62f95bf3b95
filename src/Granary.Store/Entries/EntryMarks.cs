namespace Granary.Store.Entries;

/// <summary>What is remembered of an entry beside its value. The numbers are those of records and frames.</summary>
[Flags]
public enum EntryMarks : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The value is outdated: somebody should store it anew.</summary>
    Stale = 1,

    /// <summary>Somebody was told to store it anew, and nobody else is before that is done.</summary>
    TokenOut = 2,

    /// <summary>The client that has stored it writes its key in base64.</summary>
    BinaryKey = 4,

    /// <summary>It was read since it was stored.</summary>
    Fetched = 8,
}
