using System.Diagnostics;

namespace Granary.Benchmarks.Peers;

/// <summary>Some silos of Granary that are one cache. The first is the primary, which holds the membership.</summary>
internal sealed class GranaryCluster : IAsyncDisposable
{
    private const int ShardCount = 256; // the silo's default

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<RunningPeer> _silos = [];
    private readonly string[] _names;

    private GranaryCluster(int siloCount)
    {
        _names = [.. Enumerable.Range(0, siloCount).Select(index => $"bench-{index}")];
        Map = new ClusterMap(ShardCount, _names);
    }

    public string Name => _names.Length == 1 ? "1 silo" : $"{_names.Length} silos";

    public IReadOnlyList<RunningPeer> Silos => _silos;

    /// <summary>The processes whose processor time is the cluster's.</summary>
    public int[] ProcessIds => [.. _silos.Select(silo => silo.ProcessId!.Value)];

    /// <summary>Which silo holds which shard.</summary>
    public ClusterMap Map { get; }

    /// <summary>Starts the silos and waits until each holds its shards.</summary>
    /// <exception cref="PeerException">A silo did not start, or the shards are not where they should be in time.</exception>
    public static async Task<GranaryCluster> StartAsync(
        int siloCount, PeerSettings settings, CancellationToken cancellationToken)
    {
        var cluster = new GranaryCluster(siloCount);
        try
        {
            var silo = new GranarySilo();
            foreach (string name in cluster._names)
            {
                RunningPeer? primary = cluster._silos.FirstOrDefault();
                cluster._silos.Add(await silo.StartAsync(name, primary, settings, cancellationToken));
            }

            await cluster.WaitForShardsAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The index in <see cref="Silos"/> of the silo that holds a key.</summary>
    public int OwnerOf(ReadOnlySpan<byte> key) =>
        Array.IndexOf(_names, Map.OwnerNameOf(ShardHash.ShardOf(key, ShardCount)));

    public async ValueTask DisposeAsync()
    {
        // The primary last: the others would otherwise look for it.
        foreach (RunningPeer silo in _silos.AsEnumerable().Reverse())
        {
            await silo.DisposeAsync();
        }
    }

    private async Task WaitForShardsAsync(CancellationToken cancellationToken)
    {
        int[] expected = [.. _names.Select((_, silo) => Map.ShardsOf(silo).Count())];
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            var open = new long[_silos.Count];
            for (int index = 0; index < open.Length; index++)
            {
                open[index] = await MemcachedStatistics.ReadAsync(
                    _silos[index].EndPoint, "granary_shards", cancellationToken);
            }

            if (open.SequenceEqual(expected.Select(count => (long)count)))
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > ReadyTimeout)
            {
                string found = string.Join(", ", open);
                throw new PeerException($"The silos hold {found} shards after {ReadyTimeout.TotalSeconds} s.");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }
}
