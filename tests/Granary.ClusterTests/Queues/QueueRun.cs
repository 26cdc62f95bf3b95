using System.Net;
using System.Runtime.CompilerServices;
using Granary.Client;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Queues;

/// <summary>Silos that share a database, with queues under load, and what can be done to them.</summary>
internal sealed class QueueRun : IAsyncDisposable
{
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromMinutes(3);

    private readonly ITestOutputHelper _output;
    private readonly SiloCluster _cluster;
    private readonly QueueClients _clients = new();
    private readonly List<QueueLoad> _loads = [];

    private QueueRun(ITestOutputHelper output, PostgreSqlProcess store, SiloCluster cluster)
    {
        _output = output;
        Store = store;
        _cluster = cluster;
    }

    /// <summary>Of membership and queues.</summary>
    public PostgreSqlProcess Store { get; }

    /// <summary>The silos that run, in the order of their starts.</summary>
    public SiloProcess[] Silos => [.. _cluster.Running];

    /// <summary>The longest time that one send took.</summary>
    public TimeSpan LongestSend => _loads.Max(static load => load.LongestSend);

    /// <summary>Sends without a MessageId of which nobody knows whether they are stored.</summary>
    public int Unknown => _loads.Sum(static load => load.Unknown);

    /// <param name="output">Gets the report.</param>
    /// <param name="messagesPerSecond">To a queue; a quarter of that to a topic with two subscriptions.</param>
    /// <param name="siloCount">At least 1.</param>
    /// <param name="lab">Has a host for each silo and an address for the database; none for this machine as it is.</param>
    public static async Task<QueueRun> StartAsync(
        ITestOutputHelper output, int messagesPerSecond, int siloCount = 3, NetworkLab? lab = null)
    {
        PostgreSqlProcess store = await PostgreSqlProcess.StartNewAsync(lab?.Store ?? IPAddress.Loopback);
        QueueRun run = new(output, store, SiloCluster.WithStore(store.ConnectionString, "64MiB"));
        try
        {
            for (int index = 0; index < siloCount; index++)
            {
                await run._cluster.AddAsync($"silo-{index}", lab?.Hosts[index].Place ?? SiloPlace.Here);
            }

            run._loads.Add(new QueueLoad(await run.QueuesAsync(), await run.QueuesAsync(), messagesPerSecond, "load"));
            run._loads.Add(new QueueLoad(
                await run.QueuesAsync(), await run.QueuesAsync(), messagesPerSecond / 4, "topic", "one", "other"));
            await Task.WhenAll(run._loads.Select(static load => load.StartAsync()));
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>The queues, by a client of its own.</summary>
    public Task<IGranaryQueues> QueuesAsync() => _clients.QueuesAsync(Silos);

    /// <summary>Starts one more silo, or one of a name that has ended.</summary>
    public async Task AddAsync(string name)
    {
        await _cluster.AddAsync(name);
        Note($"{name} has started");
    }

    /// <summary>Ends a silo as a crash would.</summary>
    public async Task KillAsync(SiloProcess silo)
    {
        Note($"{silo.Name} is killed");
        silo.Kill();
        await silo.WaitForExitAsync(ExitDeadline);
    }

    /// <summary>Tells a silo to stop, and waits until it has.</summary>
    public async Task TerminateAsync(SiloProcess silo)
    {
        Note($"{silo.Name} is told to stop");
        Assert.Equal(0, await silo.TerminateAsync());
        Note($"{silo.Name} has ended");
    }

    /// <summary>Stops a silo's process for a time; it then learns that it is no member any more.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> PauseAsync(SiloProcess silo, TimeSpan time)
    {
        Note($"{silo.Name} is stopped");
        silo.Pause();
        await Task.Delay(time);
        silo.Resume();
        Note($"{silo.Name} goes on");
        return await silo.WaitForExitAsync(ExitDeadline);
    }

    /// <summary>Lets the load go on.</summary>
    public async Task ContinueAsync(string note, TimeSpan time)
    {
        Note(note);
        await Task.WhenAll(_loads.Select(load => load.ContinueAsync(time)));
    }

    /// <summary>Ends the load, checks what everybody was told, and writes the report.</summary>
    public async Task CompleteAsync([CallerMemberName] string name = "")
    {
        string report = string.Join(
            Environment.NewLine + Environment.NewLine,
            await Task.WhenAll(_loads.Select(static load => load.CompleteAsync())));
        _output.WriteLine(report);
        foreach (string line in _cluster.Silos.SelectMany(static silo => silo.Output.Lines()).Where(IsOfASlowOpening))
        {
            _output.WriteLine(line);
        }

        Assert.All(
            _cluster.Silos,
            silo => Assert.DoesNotContain(PostgreSqlProcess.Password, silo.Output.ToString(), StringComparison.Ordinal));
        if (HandRun.LongRunsFolder is { } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), $"# {name}\n\n{report}\n");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (QueueLoad load in _loads)
        {
            await load.DisposeAsync();
        }

        await _clients.DisposeAsync();
        await _cluster.DisposeAsync();
        await Store.DisposeAsync();
    }

    private static bool IsOfASlowOpening(string line) => line.Contains("was opened after", StringComparison.Ordinal);

    private void Note(string what) => _output.WriteLine($"{what}: {string.Join("; ", _loads)}");
}
