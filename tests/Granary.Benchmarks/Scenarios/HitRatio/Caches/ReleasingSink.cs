using Granary.Store.Entries;

namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>Wants to know of a hit and nothing more.</summary>
internal readonly struct ReleasingSink : IEntrySink
{
    public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
    {
    }

    public void Accept(in EntryInfo entry, PinnedValue value) => value.Dispose();
}
