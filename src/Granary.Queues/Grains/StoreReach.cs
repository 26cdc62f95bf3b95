namespace Granary.Queues.Grains;

/// <summary>
/// Which silos do not reach the queues' database although others do, by what each says of itself: they own no partitions
/// meanwhile. Thread-safe.
/// </summary>
internal sealed class StoreReach(TimeProvider time)
{
    /// <summary>What is said counts for so long; it is said again every second.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, long> _saidAt = [];
    private volatile HashSet<SiloAddress> _without = [];

    /// <summary>Silos that do not reach it. Another object after each change.</summary>
    public IReadOnlySet<SiloAddress> Without => _without;

    /// <summary>A silo does not reach it.</summary>
    public void Add(SiloAddress silo)
    {
        lock (_lock)
        {
            _saidAt[silo] = time.GetTimestamp();
            Update_NeedsLock();
        }
    }

    /// <summary>Forgets what was said too long ago. To be called now and then.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (SiloAddress silo in _saidAt.Where(said => time.GetElapsedTime(said.Value) > Validity).Select(said => said.Key))
            {
                _saidAt.Remove(silo);
            }

            Update_NeedsLock();
        }
    }

    private void Update_NeedsLock()
    {
        if (!_without.SetEquals(_saidAt.Keys))
        {
            _without = [.. _saidAt.Keys];
        }
    }
}
