using System.Net.NetworkInformation;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>Stops with --save that something comes between: the entries are saved, or handed over, or lost; never half.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SaveStopTests(ITestOutputHelper output) : IDisposable
{
    private const int Values = 300;
    private const int ValueBytes = 1_000_000; // together they take a moment to be saved

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-save-");

    private string SaveFile => Path.Combine(_folder.FullName, "entries");

    [Fact]
    public async Task Save_ThatTakesLongerThanTheHandOff_LeavesNoFileAsync()
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(
            "alone", "512MiB", primary: null, "--save", SaveFile, "--hand-off", "1");
        await FillAsync(silo);

        Task<int> ending = silo.TerminateAsync();
        while (!silo.HasExited)
        {
            await SlowDownAsync(silo, pauseMilliseconds: 150);
        }

        Assert.Equal(0, await ending);
        string log = silo.Output.ToString();
        Assert.Contains($"Nothing was saved to '{SaveFile}'", log, StringComparison.Ordinal);
        Assert.Contains("a stop has no more time", log, StringComparison.Ordinal);
        Assert.DoesNotContain("go to other silos", log, StringComparison.Ordinal); // there is none
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Join_WhileTheLastSiloSaves_HasEverythingOrLeavesItToTheFileAsync()
    {
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        await using SiloCluster cluster = SiloCluster.WithStore(postgres.ConnectionString, "512MiB");
        await using SiloProcess saving = await SiloProcess.StartAsync(
            "saving", "512MiB", primary: null, "--cluster-store", postgres.ConnectionString, "--save", SaveFile);
        await FillAsync(saving);

        Task<SiloProcess> joining = cluster.AddAsync("joining");
        await saving.WaitUntilAsync("a connection of the silo that joins", Deadline, () => IsConnected(saving.Ports.Silo));
        Task<int> ending = saving.TerminateAsync();
        while (!saving.Output.ToString().Contains("has joined and takes over", StringComparison.Ordinal) && !saving.HasExited)
        {
            await SlowDownAsync(saving, pauseMilliseconds: 100);
        }

        Assert.Equal(0, await ending);
        int found = await CountAsync(await joining);
        output.WriteLine($"{found} values at the silo that joined\n{saving.Output}");
        Assert.Equal(File.Exists(SaveFile) ? 0 : Values, found);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsConnected(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Any(connection => connection.LocalEndPoint.Port == port && connection.State == TcpState.Established);

    // A fraction of its speed: still quick enough to answer probes.
    private static async Task SlowDownAsync(SiloProcess silo, int pauseMilliseconds)
    {
        silo.Pause();
        await Task.Delay(pauseMilliseconds);
        silo.Resume();
        await Task.Delay(5);
    }

    private static async Task FillAsync(SiloProcess silo)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Memcached);
        string value = new('x', ValueBytes);
        for (int number = 0; number < Values; number++)
        {
            Assert.Equal("STORED", await connection.SetAsync($"long-{number}", value));
        }
    }

    private static async Task<int> CountAsync(SiloProcess silo)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Memcached);
        int found = 0;
        for (int number = 0; number < Values; number++)
        {
            found += await connection.GetAsync($"long-{number}") is { Length: ValueBytes } ? 1 : 0;
        }

        return found;
    }
}
