namespace Granary.Wire;

/// <summary>The options of an operation that are yes or no. The numbers are the wire format and are never reused.</summary>
[Flags]
public enum OperationBits : ushort
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The operation's expiration counts: of a read, a deletion that leaves something, and a count.</summary>
    Touches = 1 << 0,

    /// <summary>An absent key is created: by a read, by append and prepend, and by a count.</summary>
    Creates = 1 << 1,

    /// <summary>A read gets the token of an entry that expires before <see cref="OperationOptions.Refresh"/>.</summary>
    Refreshes = 1 << 2,

    /// <summary>What counts for that is the expiration that the read gives it.</summary>
    RefreshesAfterTouch = 1 << 3,

    /// <summary>The value of a read is wanted.</summary>
    WantsValue = 1 << 4,

    /// <summary>How long it was not used is wanted.</summary>
    WantsUse = 1 << 5,

    /// <summary>A read is no use of the entry.</summary>
    IsNoUse = 1 << 6,

    /// <summary>A read is neither hit nor miss, and gets no token.</summary>
    IsInspection = 1 << 7,

    /// <summary>The entry must have a cas.</summary>
    Compares = 1 << 8,

    /// <summary>A deletion leaves a stale entry; a compare-and-set that comes too late stores one.</summary>
    MarksStale = 1 << 9,

    /// <summary>A deletion leaves an empty entry.</summary>
    DropsValue = 1 << 10,

    /// <summary>A count subtracts.</summary>
    IsNegative = 1 << 11,

    /// <summary>The client writes the key in base64.</summary>
    HasBinaryKey = 1 << 12,

    /// <summary>
    /// Who reads keeps the value and asks for changes by <see cref="ICacheSiloService.WatchAsync"/>. Silos that do not know it
    /// read as without it: <see cref="StateBits.Watched"/> tells.
    /// </summary>
    Watches = 1 << 13,

    /// <summary>A read gets no token: who reads may not store the entry anew. Silos that do not know it give one.</summary>
    TakesNoToken = 1 << 14,
}
