using System.Net;
using System.Runtime.CompilerServices;
using Granary.Client;
using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.ClusterTests.Faults;

/// <summary>A cluster under checked load, and what can be done to it.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Shards = 256; // the silos' default

    private static readonly TimeSpan SettleDeadline = TimeSpan.FromMinutes(3);

    private readonly ITestOutputHelper _output;
    private readonly SiloCluster _cluster;
    private readonly ClusterCheck _check;
    private readonly bool _hasReplicas;
    private readonly HashSet<SiloProcess> _leaving = [];

    private FaultRun(
        ITestOutputHelper output, PostgreSqlProcess store, SiloCluster cluster, ClusterCheck check, bool hasReplicas)
    {
        _output = output;
        Store = store;
        _cluster = cluster;
        _check = check;
        _hasReplicas = hasReplicas;
    }

    /// <summary>Of the membership.</summary>
    public PostgreSqlProcess Store { get; }

    public static FaultScale Scale => FaultScale.Current;

    /// <summary>The .NET client that the load uses.</summary>
    public IGranaryCache Cache => _check.Cache;

    /// <summary>All of the same client.</summary>
    public IServiceProvider Client => _check.Client;

    /// <summary>Of the same client.</summary>
    public HybridCache Hybrid => _check.Hybrid;

    /// <summary>The silos that run, in the order of their starts.</summary>
    public SiloProcess[] Silos => [.. _cluster.Running];

    /// <summary>Starts silos with a membership in PostgreSQL, stores the entries, and begins the load.</summary>
    /// <param name="output">Gets the report.</param>
    /// <param name="siloCount">At least 1.</param>
    /// <param name="replicas">Sync replicas for each shard: 0 or 1.</param>
    /// <param name="operationsPerSecond">Of the load; the scale's by default.</param>
    /// <param name="lab">Has an address for the store, and hosts for the silos; none for this machine as it is.</param>
    /// <param name="places">Where the first silos run; by default the lab's hosts, and this machine as it is for the others.</param>
    public static async Task<FaultRun> StartAsync(
        ITestOutputHelper output,
        int siloCount = 3,
        int replicas = 0,
        double? operationsPerSecond = null,
        NetworkLab? lab = null,
        params SiloPlace[] places)
    {
        if (lab is not null && places.Length == 0)
        {
            places = [.. lab.Hosts.Select(host => host.Place)];
        }

        PostgreSqlProcess store = await PostgreSqlProcess.StartNewAsync(lab?.Store ?? IPAddress.Loopback);
        SiloCluster? cluster = null;
        try
        {
            string[] arguments = replicas == 0 ? [] : ["--replicas", "1", "--replica-mode", "sync"];
            cluster = SiloCluster.WithStore(store.ConnectionString, Scale.Memory, arguments);
            for (int index = 0; index < siloCount; index++)
            {
                await cluster.AddAsync($"silo-{index}", places.ElementAtOrDefault(index) ?? SiloPlace.Here);
            }

            await cluster.WaitUntilReadyAsync();
            ClusterCheck check = await ClusterCheck.StartAsync(
                cluster,
                new WorkloadSettings
                {
                    OperationsPerSecond = operationsPerSecond ?? Scale.OperationsPerSecond,
                    ColdMebibytes = Scale.ColdMebibytes,
                });
            var run = new FaultRun(output, store, cluster, check, replicas > 0);
            await run.SettleAsync();
            return run;
        }
        catch
        {
            await (cluster?.DisposeAsync() ?? default);
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo; it gets connections when it is ready.</summary>
    public Task AddAsync(string name) => AddAsync(name, SiloPlace.Here);

    /// <summary>Starts one more silo somewhere.</summary>
    /// <param name="name">Its own.</param>
    /// <param name="place">Where it runs.</param>
    /// <param name="waitUntilReady">Whatever must be so before it gets connections; that it has started by default.</param>
    public async Task AddAsync(string name, SiloPlace place, Func<SiloProcess, Task>? waitUntilReady = null)
    {
        _check.Workload.Note($"{name} starts");
        SiloProcess silo = await _cluster.AddAsync(name, place);
        await (waitUntilReady?.Invoke(silo) ?? Task.CompletedTask);
        _check.Workload.Note($"{name} is ready");
        Announce();
    }

    /// <summary>Tells a silo to stop, and waits until it has; it gets no new connections from now on.</summary>
    /// <param name="silo">One that runs.</param>
    /// <param name="notice">How long it still does not know.</param>
    public async Task TerminateAsync(SiloProcess silo, TimeSpan notice = default)
    {
        _leaving.Add(silo);
        Announce();
        await _check.Workload.ContinueAsync(notice);
        _check.Workload.Note($"{silo.Name} is told to stop");
        int exitCode = await silo.TerminateAsync();
        _check.Workload.Note($"{silo.Name} has ended with code {exitCode}");
        Assert.Equal(0, exitCode);
    }

    public async Task KillAsync(SiloProcess silo)
    {
        _check.Workload.Note($"{silo.Name} is killed");
        silo.Kill();
        await silo.WaitForExitAsync(SettleDeadline);
        Announce();
    }

    /// <summary>Stops a silo for a time, and waits for what the cluster makes of it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> PauseAsync(SiloProcess silo, TimeSpan time)
    {
        silo.Pause();
        _check.Workload.Note($"{silo.Name} is stopped");
        await _check.Workload.ContinueAsync(time);
        silo.Resume();
        _check.Workload.Note($"{silo.Name} goes on");
        return await WaitForExitAsync(silo);
    }

    /// <summary>Lets the load go on while something is as the note says.</summary>
    /// <returns>When that began and ended, from the beginning of the load.</returns>
    public async Task<(TimeSpan Begin, TimeSpan End)> ContinueAsync(string note, TimeSpan time)
    {
        TimeSpan begin = _check.Workload.Elapsed;
        _check.Workload.Note(note);
        await _check.Workload.ContinueAsync(time);
        return (begin, _check.Workload.Elapsed);
    }

    /// <summary>Waits for a silo that ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(SiloProcess silo)
    {
        int exitCode = await silo.WaitForExitAsync(SettleDeadline);
        _check.Workload.Note($"{silo.Name} has ended with code {exitCode}");
        Announce();
        return exitCode;
    }

    /// <summary>Waits until every shard is served, none moves and each has its replica, and a moment longer.</summary>
    public async Task SettleAsync()
    {
        await _cluster.WaitUntilReadyAsync();
        await _cluster.WaitForSumAsync("granary_shards_moving", 0, SettleDeadline);
        if (_hasReplicas)
        {
            await _cluster.WaitForSumAsync("granary_shards_protected", Shards, SettleDeadline);
            long evictions = await _cluster.ReadSumAsync("evictions");
            long used = await _cluster.ReadSumAsync("granary_used_bytes");
            _check.Workload.Note(
                $"all shards are protected; {used >> 20} MiB are used, and these silos have evicted {evictions} entries");
        }

        await _check.Workload.ContinueAsync(Scale.Calm);
    }

    /// <summary>Ends the load, reads everything again, and writes the report.</summary>
    public async Task<CheckReport> CompleteAsync([CallerMemberName] string name = "")
    {
        CheckReport report = await _check.Workload.CompleteAsync();
        _output.WriteLine($"{report}");
        if (HandRun.LongRunsFolder is { } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), $"# {name}\n\n{report}");
        }

        return report;
    }

    public async ValueTask DisposeAsync()
    {
        await _check.DisposeAsync();
        await _cluster.DisposeAsync();
        await Store.DisposeAsync();
    }

    private void Announce() =>
        _check.Endpoints.Set(_cluster.Running.Except(_leaving).Select(silo => silo.Memcached));
}
