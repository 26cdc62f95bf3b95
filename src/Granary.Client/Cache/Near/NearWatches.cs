using Granary.Client.Routing;
using Granary.Watching;
using Granary.Wire;
using Microsoft.Extensions.Logging;

namespace Granary.Client.Cache.Near;

/// <summary>Follows all silos' changes. Begins with the first use. Thread-safe.</summary>
internal sealed class NearWatches : IDisposable
{
    private readonly MapSource _maps;
    private readonly ShardWatches _watches;
    private readonly Lock _lock = new();
    private bool _isBegun;
    private bool _isDisposed;

    /// <param name="maps">Tells which silos there are.</param>
    /// <param name="time">What bounds are measured by.</param>
    /// <param name="bound">How long what a silo has told counts.</param>
    /// <param name="changed">Told changes of entries and tags.</param>
    /// <param name="logger">Where lost silos are told.</param>
    public NearWatches(
        MapSource maps, TimeProvider time, TimeSpan bound, Action<EntryChange> changed, ILogger logger)
    {
        _maps = maps;
        _watches = new ShardWatches(
            time,
            bound,
            rest: TimeSpan.Zero,
            changed,
            (silo, failure) => Log.SiloNotHeard(logger, silo, failure.Message));
    }

    /// <inheritdoc cref="ShardWatches.WatchOf"/>
    public ShardWatch? WatchOf(ulong hash)
    {
        if (!Volatile.Read(ref _isBegun))
        {
            Begin();
        }

        return _watches.WatchOf(hash);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _maps.Taken -= Follow;
        }

        _watches.Dispose();
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (_isBegun || _isDisposed)
            {
                return;
            }

            _maps.Taken += Follow;
            Volatile.Write(ref _isBegun, true);
        }

        if (_maps.Current is { } map)
        {
            Follow(map);
        }
    }

    private void Follow(ServedMap map) => _watches.Follow(map.ShardCount, map.Silos);
}
