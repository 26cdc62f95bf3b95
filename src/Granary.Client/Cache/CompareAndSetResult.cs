namespace Granary.Client;

/// <summary>How a compare-and-set ended.</summary>
public enum CompareAndSetResult
{
    /// <summary>Not an outcome.</summary>
    None = 0,

    /// <summary>The entry had the cas given and holds the new value.</summary>
    Stored = 1,

    /// <summary>Somebody else changed the entry first. Nothing changed.</summary>
    Exists = 2,

    /// <summary>The key is absent or expired. Nothing changed.</summary>
    NotFound = 3,
}
