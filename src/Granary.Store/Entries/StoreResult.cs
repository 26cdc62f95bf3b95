namespace Granary.Store.Entries;

/// <summary>How an operation on the store ended.</summary>
public enum StoreResult
{
    /// <summary>Found, stored, touched, deleted or counted.</summary>
    Success,

    /// <summary>The condition of an add, replace, append or prepend did not hold. Nothing changed.</summary>
    NotStored,

    /// <summary>The entry has another cas. Nothing changed.</summary>
    Exists,

    /// <summary>The key is absent or expired.</summary>
    NotFound,

    /// <summary>The value is longer than <see cref="StoreOptions.MaxValueBytes"/>. Nothing changed.</summary>
    TooLarge,

    /// <summary>The stored value is no unsigned 64-bit decimal. Nothing changed.</summary>
    NotNumeric,

    /// <summary>Nothing can be evicted to make room. Nothing changed.</summary>
    NoRoom,

    /// <summary>The shard is not open here. Nothing changed.</summary>
    NotOpen,

    /// <summary>The sink does not take the value. Nothing changed.</summary>
    Declined,
}
