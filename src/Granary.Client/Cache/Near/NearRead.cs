namespace Granary.Client.Cache.Near;

/// <summary>Reads of one key that are under way, and what was heard of it meanwhile. Under its stripe's lock.</summary>
internal sealed class NearRead
{
    private bool _isChanged;
    private ulong _cas;

    public int Readers { get; set; }

    /// <summary>The entry was changed.</summary>
    /// <param name="cas">Its cas since; 0: none counts.</param>
    public void Changed(ulong cas)
    {
        _isChanged = true;
        _cas = cas;
    }

    /// <summary>Whether a value is not older than what was heard.</summary>
    public bool Accepts(ulong cas) => !_isChanged || cas == _cas;
}
