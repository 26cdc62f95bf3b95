namespace Granary.Watching;

/// <summary>What was heard of an entry while it was being read. Not thread-safe.</summary>
public struct HeardChanges
{
    private bool _isChanged;
    private ulong _cas;

    /// <summary>The entry was changed.</summary>
    /// <param name="cas">Its cas since; 0: none counts.</param>
    public void Changed(ulong cas)
    {
        _isChanged = true;
        _cas = cas;
    }

    /// <summary>Whether a value that was read is not older than what was heard.</summary>
    /// <param name="cas">The value's.</param>
    public readonly bool Accepts(ulong cas) => !_isChanged || cas == _cas;
}
