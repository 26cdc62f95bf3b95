using System.Diagnostics;

namespace Granary.Benchmarks.Peers;

/// <summary>Some silos of Granary that are one cache.</summary>
internal sealed class GranaryCluster : IAsyncDisposable
{
    public const int ShardCount = 256; // the silo's default

    // A busy machine moves or copies a gibibyte in a minute.
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromMinutes(5);

    // A silo hands its shards over for 90 s at most, by default, and its host gives it 30 s more.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ClusterSetup _setup;
    private readonly PeerSettings _settings;
    private readonly GranarySilo _silo = new();
    private readonly List<RunningPeer> _silos = [];
    private ClusterMap _map; // of the silos that run
    private int _started;

    private GranaryCluster(ClusterSetup setup, PeerSettings settings)
    {
        _setup = setup;
        _settings = settings;
        _map = MapOf(_silos);
    }

    public string Name => _setup.Name;

    public Replication Replication => _setup.Replication;

    /// <summary>Those that run. The oldest is the first, and holds the membership if there is no store.</summary>
    public IReadOnlyList<RunningPeer> Silos => _silos;

    /// <summary>As the silos say.</summary>
    public string Version => _silos[0].Version;

    /// <summary>The processes whose processor time is the cluster's.</summary>
    public int[] ProcessIds => [.. _silos.Select(silo => silo.ProcessId!.Value)];

    /// <summary>Starts the silos and waits until each holds its shards.</summary>
    /// <exception cref="PeerException">A silo did not start, or the shards are not where they should be in time.</exception>
    public static async Task<GranaryCluster> StartAsync(
        ClusterSetup setup, PeerSettings settings, CancellationToken cancellationToken)
    {
        var cluster = new GranaryCluster(setup, settings);
        try
        {
            while (cluster._silos.Count < setup.SiloCount)
            {
                await cluster.AddAsync(cancellationToken);
            }

            await cluster.WaitUntilSettledAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The index in <see cref="Silos"/> of the silo that holds a key.</summary>
    public int OwnerOf(ReadOnlySpan<byte> key)
    {
        string? name = _map.OwnerNameOf(ShardHash.ShardOf(key, ShardCount));
        return _silos.FindIndex(silo => silo.SiloName == name);
    }

    /// <summary>The shards that a silo holds, once nothing moves.</summary>
    public int[] ShardsOf(RunningPeer silo) =>
        [.. Enumerable.Range(0, ShardCount).Where(shard => _map.OwnerNameOf(shard) == silo.SiloName)];

    /// <summary>Starts one more silo and waits until it answers; its shards follow.</summary>
    /// <exception cref="PeerException">It did not start.</exception>
    public async Task AddAsync(CancellationToken cancellationToken)
    {
        string[] arguments = _setup.ArgumentsFor(_silos.FirstOrDefault());
        _silos.Add(await _silo.StartAsync($"bench-{_started++}", _settings, arguments, cancellationToken));
        _map = MapOf(_silos);
    }

    /// <summary>Tells a silo to stop and waits until it has, its shards handed over. Needs a store.</summary>
    /// <exception cref="PeerException">It did not stop in time, or it failed.</exception>
    public async Task StopAsync(RunningPeer silo, CancellationToken cancellationToken)
    {
        await silo.StopAsync(StopTimeout, cancellationToken);
        await RemoveAsync(silo);
    }

    /// <summary>Ends a silo as a crash would. Needs a store.</summary>
    public async Task KillAsync(RunningPeer silo)
    {
        await silo.KillAsync();
        await RemoveAsync(silo);
    }

    /// <summary>Waits until every silo holds its shards, nothing moves, and each shard has its replica.</summary>
    /// <exception cref="PeerException">Not so in time.</exception>
    public async Task WaitUntilSettledAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (await DescribeUnsettledAsync(cancellationToken) is { } unsettled)
        {
            if (Stopwatch.GetElapsedTime(start) > SettleTimeout)
            {
                throw new PeerException($"{Name}: after {SettleTimeout.TotalSeconds} s {unsettled}.");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>Ends the silos. Nobody needs what they hold, so they are not told to hand it over.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_silos.Count > 0)
        {
            await KillAsync(_silos[^1]);
        }
    }

    private static ClusterMap MapOf(IEnumerable<RunningPeer> silos) =>
        new(ShardCount, silos.Select(silo => silo.SiloName!));

    private async Task RemoveAsync(RunningPeer silo)
    {
        _silos.Remove(silo);
        _map = MapOf(_silos);
        await silo.DisposeAsync();
    }

    /// <returns><see langword="null"/> if everything is where it should be.</returns>
    private async Task<string?> DescribeUnsettledAsync(CancellationToken cancellationToken)
    {
        foreach (RunningPeer silo in _silos)
        {
            int expected = ShardsOf(silo).Length;
            long[] shards = await MemcachedStatistics.ReadAsync(
                silo.EndPoint,
                ["granary_shards", "granary_shards_moving", "granary_shards_protected"],
                cancellationToken);
            if (shards[0] != expected || shards[1] != 0 || (Replication != Replication.None && shards[2] != expected))
            {
                return $"{silo.SiloName} holds {shards[0]} shards of {expected}, {shards[1]} move, and {shards[2]} "
                    + "have a replica";
            }
        }

        return null;
    }
}
