using Granary.Tests.Shared;

namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>A trace, and the budget of a cache that is to be asked for it.</summary>
/// <param name="Trace">Its name.</param>
/// <param name="Sizing">What the budget counts.</param>
/// <param name="Budget">Objects or bytes.</param>
/// <param name="Requests">The trace.</param>
internal sealed record ReplayCase(string Trace, Sizing Sizing, long Budget, TraceRequest[] Requests)
{
    /// <summary>A key of Granary's and memcached's. Bytes.</summary>
    public const int KeyBytes = 8;

    /// <summary>What a model charges for an entry beside its length: the key, and what the hit-ratio tests charge.</summary>
    public int OverheadBytes => Sizing == Sizing.Unit ? 0 : KeyBytes + ExactLru.DefaultEntryOverheadBytes;

    /// <summary>The longest value that a server takes of this case: half of its budget at most.</summary>
    public int MaxValueBytes => (int)Math.Min(Budget / 2, 8 << 20);
}
