namespace Granary.Store.Entries;

/// <summary>The condition and manner of a store.</summary>
public enum PutMode
{
    /// <summary>Whatever was there before.</summary>
    Set,

    /// <summary>Only if the key is absent.</summary>
    Add,

    /// <summary>Only if the key is present.</summary>
    Replace,

    /// <summary>Behind a present value; its flags and expiration stay.</summary>
    Append,

    /// <summary>Before a present value; its flags and expiration stay.</summary>
    Prepend,

    /// <summary>Only if the entry's cas is the one given.</summary>
    CompareAndSet,
}
