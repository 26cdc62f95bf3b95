using System.Net;
using Orleans.Messaging;

namespace Granary.Client.Connecting;

// Orleans sends a message for a gateway that it does not know yet to any other one, which takes the address for a silo's
// and never delivers it. So a map is not used before Orleans has taken its gateways: it asks for the list again and
// again, and has taken the last list when it asks for the next.

/// <summary>
/// Tells Orleans where the gateways are: the seeds at first, then what the silos serve. While the map cannot be
/// fetched, both: the cluster may have come back elsewhere. Thread-safe.
/// </summary>
internal sealed class GatewayList(SeedList seeds, TimeProvider time) : IGatewayListProvider
{
    /// <summary>How often Orleans asks: about how long a map with a new gateway waits.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan SeedsPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TakeTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Rest> _withheld = [];
    private IPEndPoint[] _served = [];
    private IPEndPoint[] _coming = [];
    private IPEndPoint[] _given = [];
    private TaskCompletionSource? _taken;
    private bool _stale = true;
    private IReadOnlyList<IPEndPoint> _seeds = [];
    private long? _seedsResolved;

    /// <summary>How long Orleans leaves a gateway alone that it failed to reach.</summary>
    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(5);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        bool needsSeeds;
        lock (_lock)
        {
            if (IsGiven_NeedsLock(_coming))
            {
                _taken?.TrySetResult();
                _taken = null;
            }

            needsSeeds = _stale || _served.Length == 0;
        }

        IReadOnlyList<IPEndPoint> resolved =
            needsSeeds ? await ResolveSeedsAsync().ConfigureAwait(false) : [];
        lock (_lock)
        {
            _given = [.. _served.Concat(_coming).Concat(resolved).Distinct().Where(gateway => !IsWithheld_NeedsLock(gateway))];
            return [.. _given.Select(ToUri)];
        }
    }

    /// <summary>Completes when Orleans can reach the gateways of a map. One call at a time.</summary>
    /// <exception cref="TimeoutException">Orleans did not ask for them: it has stopped.</exception>
    public Task OfferAsync(ServedMap map)
    {
        lock (_lock)
        {
            _coming = GatewaysOf(map);
            Follow_NeedsLock(map);
            if (IsGiven_NeedsLock(_coming))
            {
                return Task.CompletedTask;
            }

            _taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _taken.Task.WaitAsync(TakeTimeout, time);
        }
    }

    public void Update(ServedMap map)
    {
        lock (_lock)
        {
            _served = GatewaysOf(map);
            _coming = [];
            _stale = false;
        }
    }

    public void MarkStale()
    {
        lock (_lock)
        {
            _stale = true;
        }
    }

    /// <summary>Hides the gateway of a silo from Orleans, which drops its connection, until a time has passed or the silo is gone.</summary>
    /// <param name="silo">Does not answer; others do.</param>
    /// <param name="rest">How long. Nothing must be sent to the silo meanwhile, and until Orleans has asked again.</param>
    public void Withhold(ServedSilo silo, TimeSpan rest)
    {
        lock (_lock)
        {
            _withheld[silo.Gateway!] = new Rest(silo.Address, time.GetTimestamp(), rest);
        }
    }

    // What Orleans' own ToGatewayUri makes; the last part is the generation, which a gateway has none of.
    internal static Uri ToUri(IPEndPoint gateway) => new($"gwy.tcp://{gateway}/0");

    private static IPEndPoint[] GatewaysOf(ServedMap map) =>
        [.. map.Silos.Select(silo => silo.Gateway).OfType<IPEndPoint>()];

    private bool IsGiven_NeedsLock(IPEndPoint[] gateways) =>
        Array.TrueForAll(gateways, gateway => _given.Contains(gateway) || IsWithheld_NeedsLock(gateway));

    private bool IsWithheld_NeedsLock(IPEndPoint gateway) =>
        _withheld.TryGetValue(gateway, out Rest? rest) && !IsOver(rest);

    private bool IsOver(Rest rest) => time.GetElapsedTime(rest.Since) >= rest.Length;

    // Another silo may have the end point of one that is gone.
    private void Follow_NeedsLock(ServedMap map)
    {
        foreach ((IPEndPoint gateway, Rest rest) in _withheld)
        {
            if (IsOver(rest) || !Array.Exists(map.Silos, served => served.Address.Equals(rest.Silo)))
            {
                _withheld.Remove(gateway);
            }
        }
    }

    // The DNS is asked less often than we are.
    private async Task<IReadOnlyList<IPEndPoint>> ResolveSeedsAsync()
    {
        lock (_lock)
        {
            if (_seedsResolved is { } then && _seeds.Count > 0 && time.GetElapsedTime(then) < SeedsPeriod)
            {
                return _seeds;
            }
        }

        IReadOnlyList<IPEndPoint> resolved = await seeds.ResolveAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            _seeds = resolved;
            _seedsResolved = time.GetTimestamp();
        }

        return resolved;
    }

    /// <summary>How long a silo's gateway is hidden.</summary>
    /// <param name="Silo">The silo.</param>
    /// <param name="Since">A timestamp.</param>
    /// <param name="Length">From then on.</param>
    private sealed record Rest(SiloAddress Silo, long Since, TimeSpan Length);
}
