namespace Granary.Client.Cache.Near;

/// <summary>
/// A time in which one silo has served a shard and told of its changes, without a gap. Values belong to the one in which they
/// were read. Thread-safe.
/// </summary>
internal sealed class ShardWatch(SiloWatch silo)
{
    private volatile bool _isOver;

    public SiloWatch Silo => silo;

    /// <summary>Whether values that were read in it count.</summary>
    public bool Holds(long now) => !_isOver && silo.IsHeard(now);

    public void End() => _isOver = true;
}
