namespace Granary.Watching;

/// <summary>
/// A time in which one silo has served a shard and told of its changes, without a gap. Values belong to the one in which they
/// were read. Thread-safe.
/// </summary>
/// <param name="silo">The silo.</param>
public sealed class ShardWatch(SiloWatch silo)
{
    private volatile bool _isOver;

    /// <summary>The silo.</summary>
    public SiloWatch Silo => silo;

    /// <summary>Whether values that were read in it count.</summary>
    /// <param name="now">A timestamp.</param>
    public bool Holds(long now) => !_isOver && silo.IsHeard(now);

    /// <summary>Whatever was read in it counts no more.</summary>
    public void End() => _isOver = true;
}
