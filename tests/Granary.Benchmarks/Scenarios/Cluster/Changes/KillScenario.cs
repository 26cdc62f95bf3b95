using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Kv;
using Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>
/// Kills the oldest silo of a cluster and asks another one for a key of each shard that it held, until all have been
/// answered; then a new silo takes its place. A round has each cluster once.
/// </summary>
internal sealed class KillScenario
{
    private readonly ChangeSettings _settings;
    private readonly TextWriter _output;
    private readonly KeySpace _keys;
    private readonly WireProtocol _protocol;
    private readonly int[] _keyOfShard;

    public KillScenario(ChangeSettings settings, TextWriter output)
    {
        _settings = settings;
        _output = output;
        _keys = new KeySpace(settings.Entries, KvScenario.KeyLengthBytes, settings.ValueBytes);
        _protocol = WireProtocol.Memcached(_keys);
        _keyOfShard = KeysOfShards(_keys);
    }

    /// <returns>The exit code: 0 if every shard answered in every round, and no replica was missing.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken) => ChangeRun.RunAsync(
        _output, store => MeasureAsync(store, cancellationToken), cancellationToken);

    private async Task MeasureAsync(PostgreSqlServer store, CancellationToken cancellationToken)
    {
        await using GranaryCluster plain =
            await StartAsync(store, "plain", "0 replicas", Replication.None, cancellationToken);
        await using GranaryCluster replicated =
            await StartAsync(store, "replicated", "1 sync replica", Replication.Sync, cancellationToken);
        using var report = new ChangeReport("kill", _settings, _output);
        report.PrintSetup(plain, _keys);
        try
        {
            for (int round = 1; round <= _settings.Rounds; round++)
            {
                foreach (GranaryCluster cluster in (GranaryCluster[])[plain, replicated])
                {
                    Figure[] figures = await MeasureAsync(cluster, cancellationToken);
                    report.Add(cluster, "a silo killed", cluster.Name, round, figures);
                }
            }
        }
        finally
        {
            report.PrintTables();
        }
    }

    private async Task<GranaryCluster> StartAsync(
        PostgreSqlServer store, string database, string name, Replication replication,
        CancellationToken cancellationToken)
    {
        string membership = await store.CreateDatabaseAsync(database, cancellationToken);
        var setup = new ClusterSetup(name, 3, replication, membership);
        return await GranaryCluster.StartAsync(setup, _settings.PeerSettings, cancellationToken);
    }

    private async Task<Figure[]> MeasureAsync(GranaryCluster cluster, CancellationToken cancellationToken)
    {
        await StoreFiller.FillAsync(cluster.Silos[0].EndPoint, _protocol, _keys, cancellationToken);
        await cluster.WaitUntilSettledAsync(cancellationToken);
        (double answered, double kept) = await KillAsync(cluster, cancellationToken);
        if (cluster.Replication == Replication.Sync && kept < 1)
        {
            throw new LoadException($"Only {kept:P1} of the entries had a replica.");
        }

        long start = Stopwatch.GetTimestamp();
        await cluster.AddAsync(cancellationToken);
        await cluster.WaitUntilSettledAsync(cancellationToken);
        return
        [
            new("kill until all answer s", answered, "0.00"),
            new("share of its entries kept", kept, "0.00"),
            new("start of another until settled s", Stopwatch.GetElapsedTime(start).TotalSeconds, "0.0"),
        ];
    }

    private async Task<(double Seconds, double Kept)> KillAsync(
        GranaryCluster cluster, CancellationToken cancellationToken)
    {
        RunningPeer victim = cluster.Silos[0];
        RunningPeer survivor = cluster.Silos[1];
        var probes = new List<KeyProbe>();
        try
        {
            foreach (int shard in cluster.ShardsOf(victim))
            {
                probes.Add(await KeyProbe.OpenAsync(
                    survivor.EndPoint, _protocol, _keys, _keyOfShard[shard], cancellationToken));
            }

            long start = Stopwatch.GetTimestamp();
            await cluster.KillAsync(victim);
            bool[] hits = await Task.WhenAll(probes.Select(probe => probe.AskUntilAnsweredAsync(cancellationToken)));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return (seconds, hits.Count(hit => hit) / (double)hits.Length);
        }
        finally
        {
            probes.ForEach(probe => probe.Dispose());
        }
    }

    private static int[] KeysOfShards(KeySpace keys)
    {
        var numbers = new int[GranaryCluster.ShardCount];
        Span<byte> key = stackalloc byte[keys.KeyLengthBytes];
        for (int number = 0; number < keys.Count; number++)
        {
            keys.WriteKey(number, key);
            numbers[ShardHash.ShardOf(key, GranaryCluster.ShardCount)] = number;
        }

        return numbers;
    }
}
