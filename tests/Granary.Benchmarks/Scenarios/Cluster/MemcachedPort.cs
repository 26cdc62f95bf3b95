using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Kv;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>
/// Gets and sets over the memcached ports, as <c>kv</c> has them. A connection goes to any silo and asks it for any key:
/// of three silos it forwards two thirds.
/// </summary>
internal sealed class MemcachedPort
{
    private readonly ClusterSettings _settings;
    private readonly KeySpace _keys;
    private readonly WireProtocol _protocol;
    private readonly RequestStream _stream;

    public MemcachedPort(ClusterSettings settings)
    {
        _settings = settings;
        _keys = new KeySpace(settings.Keys, KvScenario.KeyLengthBytes, settings.ValueBytes);
        _protocol = WireProtocol.Memcached(_keys);
        _stream = new RequestStream(
            _protocol,
            _keys,
            new KeyPicker(settings.Distribution, settings.Keys, new Random(3)),
            settings.Ratio,
            minOperations: settings.Pipelines.Max() * 4);
    }

    /// <exception cref="LoadException">An answer was wrong: the run does not count.</exception>
    public async Task MeasureAsync(ClusterRounds rounds, CancellationToken cancellationToken)
    {
        var targets = new Dictionary<GranaryCluster, LoadTarget>();
        foreach (GranaryCluster cluster in rounds.Clusters)
        {
            await StoreFiller.FillAsync(cluster.Silos[0].EndPoint, _protocol, _keys, cancellationToken);
            targets.Add(cluster, Target(cluster));
        }

        foreach (int pipeline in _settings.Pipelines)
        {
            await rounds.RunAsync(
                $"memcached port, pipeline {pipeline}",
                (cluster, round) => MeasureAsync(cluster, targets[cluster], Load(pipeline, round), cancellationToken),
                cancellationToken);
        }
    }

    private async Task<ClusterResult> MeasureAsync(
        GranaryCluster cluster, LoadTarget target, LoadSettings load, CancellationToken cancellationToken)
    {
        long[] readsBefore = await ReadsAsync(cluster, cancellationToken);
        TimeSpan[] before = [.. target.ProcessIds!.Select(ProcessCpu.Read)];
        LoadResult result = await LoadGenerator.RunAsync(target, _stream, load, cancellationToken);
        TimeSpan[] used = [.. target.ProcessIds!.Select(ProcessCpu.Read).Zip(before, static (after, start) => after - start)];
        long[] reads = await ReadsAsync(cluster, cancellationToken);
        return ClusterResult.Of(result) with
        {
            BusiestPart = used.Max() / used.Aggregate(static (sum, each) => sum + each),
            CopiedPart = (double)(reads[1] - readsBefore[1]) / (reads[0] - readsBefore[0]),
        };
    }

    // All of them, and those that were answered by copies.
    private static async Task<long[]> ReadsAsync(GranaryCluster cluster, CancellationToken cancellationToken)
    {
        long[][] silos = await Task.WhenAll(cluster.Silos.Select(silo =>
            MemcachedStatistics.ReadAsync(silo.EndPoint, ["cmd_get", "granary_hot_copy_hits"], cancellationToken)));
        return [silos.Sum(static silo => silo[0]), silos.Sum(static silo => silo[1])];
    }

    private LoadTarget Target(GranaryCluster cluster)
    {
        byte[] owners = new byte[_stream.Count];
        for (int operation = 0; operation < owners.Length; operation++)
        {
            owners[operation] = (byte)cluster.OwnerOf(_stream.Key(operation));
        }

        return new LoadTarget
        {
            EndPoints = [.. cluster.Silos.Select(silo => silo.EndPoint)],
            ProcessIds = cluster.ProcessIds,
            Owners = owners,
        };
    }

    // Every round walks another part of the stream, the same one for every cluster.
    private LoadSettings Load(int pipeline, int round) => new()
    {
        Connections = _settings.Connections,
        Pipeline = pipeline,
        Threads = _settings.LoadThreads,
        Warmup = _settings.Warmup,
        Duration = _settings.Duration,
        FirstOperation = new Random(round).Next(),
        ServerCpu = _settings.PeerSettings.Cpu,
    };
}
