namespace Granary.Wire;

/// <summary>What one packed operation of a batch asks for. The numbers are the wire format and are never reused.</summary>
public enum CacheOperation : byte
{
    /// <summary>Not an operation; a batch that holds it is malformed.</summary>
    None = 0,

    /// <summary>Read the entry.</summary>
    Get = 1,

    /// <summary>Read the entry and give it a new expiration.</summary>
    GetAndTouch = 2,

    /// <summary>Store whatever was there before.</summary>
    Set = 3,

    /// <summary>Store only if the key is absent.</summary>
    Add = 4,

    /// <summary>Store only if the key is present.</summary>
    Replace = 5,

    /// <summary>Put bytes behind a present value; its flags and expiration stay.</summary>
    Append = 6,

    /// <summary>Put bytes before a present value; its flags and expiration stay.</summary>
    Prepend = 7,

    /// <summary>Store only if the entry's cas is the one given.</summary>
    CompareAndSet = 8,

    /// <summary>Add to an unsigned decimal; wraps at 2^64.</summary>
    Increment = 9,

    /// <summary>Subtract from an unsigned decimal; stops at 0.</summary>
    Decrement = 10,

    /// <summary>Give a present entry a new expiration.</summary>
    Touch = 11,

    /// <summary>Remove the entry.</summary>
    Delete = 12,

    /// <summary>
    /// On the wire only, a <see cref="CompareAndSet"/> whose entry has a window: <see cref="BatchReader"/> reads it as one.
    /// </summary>
    CompareAndSetSliding = 13,

    /// <summary>Read the entry and all that is known of it, with <see cref="OperationOptions"/>.</summary>
    ReadWith = 20,

    /// <summary>Store, in one of the ways above, with <see cref="OperationOptions"/>.</summary>
    PutWith = 21,

    /// <summary>Remove the entry, or leave it there stale or empty, with <see cref="OperationOptions"/>.</summary>
    DeleteWith = 22,

    /// <summary>Add to or subtract from an unsigned decimal, with <see cref="OperationOptions"/>.</summary>
    CountWith = 23,

    /// <summary>
    /// On the wire only, a <see cref="PutWith"/> whose entry has tags or a window: <see cref="BatchReader"/> reads it as one.
    /// </summary>
    PutTagged = 24,
}
