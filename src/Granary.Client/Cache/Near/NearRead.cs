using Granary.Watching;

namespace Granary.Client.Cache.Near;

/// <summary>Reads of one key that are under way, and what was heard of it meanwhile. Under its stripe's lock.</summary>
internal sealed class NearRead
{
    private HeardChanges _heard;

    public int Readers { get; set; }

    /// <inheritdoc cref="HeardChanges.Changed"/>
    public void Changed(ulong cas) => _heard.Changed(cas);

    /// <inheritdoc cref="HeardChanges.Accepts"/>
    public bool Accepts(ulong cas) => _heard.Accepts(cas);
}
