using Granary.Client.Values;

namespace Granary.Client.Cache.Hybrid;

/// <summary>How one call's entry is written, stored, kept and made anew.</summary>
internal readonly record struct HybridEntry
{
    /// <summary>Makes its bytes.</summary>
    public required EntryCodec Codec { get; init; }

    /// <summary>As the cluster stores it.</summary>
    public required EntryOptions Stored { get; init; }

    /// <summary>How long this process keeps it; not positive: not at all.</summary>
    public required TimeSpan Kept { get; init; }

    /// <summary>How long before the entry's end its value is to be made anew; zero: never.</summary>
    public required TimeSpan DueBeforeEnd { get; init; }
}
