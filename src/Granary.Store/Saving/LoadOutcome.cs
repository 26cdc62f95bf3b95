namespace Granary.Store.Saving;

/// <summary>What became of a saved store.</summary>
public enum LoadOutcome
{
    /// <summary>Everything that there was room for, and whose time has not passed, is in the store.</summary>
    Loaded,

    /// <summary>It was loaded before, and marked. Nothing is in the store.</summary>
    Used,

    /// <summary>A version of the format that is not known here. Nothing is in the store.</summary>
    UnknownVersion,

    /// <summary>Not a saved store, cut short, or changed in any byte. Nothing is in the store.</summary>
    Damaged,
}
