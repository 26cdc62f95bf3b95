namespace Granary.Store.HotKeys;

/// <summary>A key that is used much. The figures are estimates: see <see cref="HotKeyReport"/>.</summary>
/// <param name="Key">The key. 1 to <see cref="CacheStore.MaxKeyBytes"/> bytes of any value.</param>
/// <param name="Shard">The key's shard.</param>
/// <param name="ReadsPerSecond">Gets, found or not, and touches.</param>
/// <param name="WritesPerSecond">Stores, deletions, increments and decrements, whatever came of them.</param>
public sealed record HotKey(ReadOnlyMemory<byte> Key, int Shard, double ReadsPerSecond, double WritesPerSecond)
{
    /// <summary>Reads and writes.</summary>
    public double OperationsPerSecond => ReadsPerSecond + WritesPerSecond;
}
