namespace Granary.Memcached.Protocol;

/// <summary>What the flags of a meta command say that is yes or no. The letters are those of memcached's protocol.</summary>
[Flags]
internal enum MetaOption : ushort
{
    None = 0,

    /// <summary>b: the key is in base64.</summary>
    BinaryKey = 1 << 0,

    /// <summary>v: the value is wanted.</summary>
    Value = 1 << 1,

    /// <summary>q: the expected answer is not wanted.</summary>
    Quiet = 1 << 2,

    /// <summary>u: a read is no use.</summary>
    NoUse = 1 << 3,

    /// <summary>l: the time since the last use is wanted.</summary>
    LastUse = 1 << 4,

    /// <summary>T: there is a new expiration time.</summary>
    Touch = 1 << 5,

    /// <summary>N: an absent key is created.</summary>
    Create = 1 << 6,

    /// <summary>R: who reads an entry that expires soon gets its token.</summary>
    Refresh = 1 << 7,

    /// <summary>R behind T: what counts is the new expiration time.</summary>
    RefreshAfterTouch = 1 << 8,

    /// <summary>T behind N: a created entry has that expiration time.</summary>
    TouchAfterCreate = 1 << 9,

    /// <summary>C: the entry must have a cas.</summary>
    Compare = 1 << 10,

    /// <summary>I: the entry is marked stale, or a stale value is stored.</summary>
    Stale = 1 << 11,

    /// <summary>x: the value is dropped and the entry stays.</summary>
    DropValue = 1 << 12,

    /// <summary>k, O, s, t, c, f or h: the answer repeats flags.</summary>
    Repeats = 1 << 13,
}
