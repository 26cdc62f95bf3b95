namespace Granary.Wire;

/// <summary>How one operation of a batch ended. The numbers are the wire format and are never reused.</summary>
public enum CacheStatus : byte
{
    /// <summary>Not an outcome; a reply that holds it is malformed.</summary>
    None = 0,

    /// <summary>Done: found, stored, touched, deleted, counted.</summary>
    Success = 1,

    /// <summary>The condition of an add, replace, append or prepend did not hold. Nothing changed.</summary>
    NotStored = 2,

    /// <summary>The entry has another cas. Nothing changed.</summary>
    Exists = 3,

    /// <summary>The key is absent or expired. Nothing changed.</summary>
    NotFound = 4,

    /// <summary>The value is over the silo's limit for one item.</summary>
    TooLarge = 5,

    /// <summary>The stored value is no unsigned 64-bit decimal. Nothing changed.</summary>
    NotNumeric = 6,

    /// <summary>The silo has no room for the value now. Nothing was stored.</summary>
    NoRoom = 7,

    /// <summary>No owner of the shard answered before the deadline. Not applied: always safe to repeat.</summary>
    NotOwner = 8,

    /// <summary>The reply was full before this operation's turn. Not applied: send it again.</summary>
    Deferred = 9,

    /// <summary>
    /// Found, but over <see cref="WireLimits.MaxInlineValueBytes"/> or over half a segment of the silo: read it by pages
    /// with <see cref="ICacheSiloService.OpenReadAsync"/>.
    /// </summary>
    Paged = 10,

    /// <summary>A paged write took the page and waits for the next.</summary>
    Continue = 11,

    /// <summary>The transfer is not known: it was closed, or nobody used it for its idle time.</summary>
    UnknownTransfer = 12,

    /// <summary>
    /// The owner may or may not have applied the operation: the connection to it was lost between request and answer.
    /// </summary>
    Unknown = 13,
}
