namespace Granary.Wire;

/// <summary>What is yes or no of an entry. The numbers are the wire format and are never reused.</summary>
[Flags]
public enum StateBits : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its value is outdated.</summary>
    Stale = 1 << 0,

    /// <summary>Somebody else is to store it anew.</summary>
    TokenOut = 1 << 1,

    /// <summary>The client that has stored it writes its key in base64.</summary>
    BinaryKey = 1 << 2,

    /// <summary>It was read since it was stored.</summary>
    Fetched = 1 << 3,

    /// <summary>The operation has created it.</summary>
    Created = 1 << 4,

    /// <summary>Who has asked is the one who is to store it anew.</summary>
    Won = 1 << 5,

    /// <summary>
    /// The value may be kept until the silo tells of a change. <see cref="PackedReply.Number"/> then says for how long: milliseconds
    /// until it expires, 0 for never.
    /// </summary>
    Watched = 1 << 6,
}
