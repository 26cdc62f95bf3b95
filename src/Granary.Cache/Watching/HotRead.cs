using Granary.Watching;

namespace Granary.Cache.Watching;

/// <summary>A read whose answer is to be kept. What changes is under its slot's lock.</summary>
internal sealed class HotRead
{
    private HeardChanges _heard;
    private ulong _seen;

    public required HotSlot Slot { get; init; }

    public required ShardWatch Watch { get; init; }

    /// <summary>The term at which the shard is served, as far as this silo has heard before the read.</summary>
    public required long Term { get; init; }

    /// <summary>A timestamp before the read.</summary>
    public required long Asked { get; init; }

    /// <summary>When the copy would be too old. A timestamp: if there is no answer then, none is waited for.</summary>
    public required long Until { get; init; }

    /// <summary><see cref="HotCopies.TagDrops"/> before the read.</summary>
    public required long TagDrops { get; init; }

    /// <inheritdoc cref="HeardChanges.Changed"/>
    public void Changed(ulong cas) => _heard.Changed(cas);

    /// <summary>Somebody has been answered with the entry as it was with this cas.</summary>
    public void Seen(ulong cas) => _seen = cas;

    /// <summary>Whether a value is older than nothing that was heard or seen meanwhile.</summary>
    public bool Accepts(ulong cas) => _heard.Accepts(cas) && (_seen == 0 || _seen == cas);
}
