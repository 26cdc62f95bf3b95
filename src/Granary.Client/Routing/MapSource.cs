using Microsoft.Extensions.Logging;

namespace Granary.Client.Routing;

/// <summary>Fetches the map, one request at a time, and keeps the newest. Thread-safe.</summary>
internal sealed class MapSource(IClusterAccess cluster, ILogger<MapSource> logger)
{
    private readonly Lock _lock = new();
    private Task _refreshing = Task.CompletedTask;
    private ServedMap? _current;

    /// <summary>The newest map, or <see langword="null"/> before the first.</summary>
    public ServedMap? Current => Volatile.Read(ref _current);

    /// <summary>Why the last fetch failed; <see langword="null"/> if it did not.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>Called with each map that is taken, one at a time.</summary>
    public event Action<ServedMap>? Taken;

    /// <summary>Fetches the map, or joins the fetch that runs. Never throws: see <see cref="LastError"/>.</summary>
    public Task RefreshAsync()
    {
        lock (_lock)
        {
            return _refreshing.IsCompleted ? _refreshing = FetchAsync() : _refreshing;
        }
    }

    private async Task FetchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the lock
        try
        {
            Take(await cluster.GetMapAsync().ConfigureAwait(false));
            LastError = null;
        }
        catch (Exception error) // the edge: one request
        {
            LastError = error;
            cluster.NotFetched();
            Log.MapNotFetched(logger, error);
        }
    }

    private void Take(ServedMap map)
    {
        ServedMap? current = Current;
        if (current is not null && map.ViewVersion < current.ViewVersion && HaveSiloInCommon(map, current))
        {
            return; // a silo that lags behind
        }

        Volatile.Write(ref _current, map);
        cluster.Taken(map);
        Taken?.Invoke(map);
        if (map.ViewVersion != current?.ViewVersion)
        {
            Log.MapTaken(logger, map.ViewVersion, map.Silos.Length);
        }
    }

    // A lower version is another life of the cluster if none of its silos is known.
    private static bool HaveSiloInCommon(ServedMap one, ServedMap other) =>
        one.Silos.Any(silo => other.Silos.Any(known => known.Address.Equals(silo.Address)));
}
