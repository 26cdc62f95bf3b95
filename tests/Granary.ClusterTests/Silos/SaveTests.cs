using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>The last silo stops and starts again: its entries are there, once, or not at all; never old ones.</summary>
public sealed class SaveTests(ITestOutputHelper output) : IDisposable
{
    private const int Keys = 2_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-save-");

    private string SaveFile => Path.Combine(_folder.FullName, "entries");

    [Fact]
    public async Task Restart_KeepsEverythingAsync()
    {
        string[] before;
        await using (SiloProcess silo = await StartAsync())
        {
            await FillAsync(silo, "value");
            await SetAsync(silo, "long", new string('x', 900_000));
            await SetAsync(silo, "soon", "gone", expirationSeconds: 1);
            before = await GetsAsync(silo);
            Assert.Equal(0, await silo.TerminateAsync());
            output.WriteLine(silo.Output.ToString());
        }

        Assert.Equal([SaveFile], Directory.GetFiles(_folder.FullName));
        await File.WriteAllTextAsync(SaveFile + ".new", "not finished", TestContext.Current.CancellationToken);
        await using SiloProcess next = await StartAsync();
        output.WriteLine(next.Output.ToString());

        Assert.Empty(Directory.GetFiles(_folder.FullName));
        Assert.Equal(before, await GetsAsync(next)); // with flags and cas
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(next.Ports.Memcached);
        Assert.Equal(900_000, (await connection.GetAsync("long"))?.Length);
        var clock = Stopwatch.StartNew();
        while (await connection.GetAsync("soon") is not null)
        {
            Assert.True(clock.Elapsed < Deadline, $"What was to expire after a second is still there after {Deadline}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Keys, await CountAsync(next, "value"));
    }

    [Fact]
    public async Task KillAfterALoad_BringsNothingBackAsync()
    {
        await SaveAsync();
        await using (SiloProcess silo = await StartAsync())
        {
            Assert.Equal(Keys, await CountAsync(silo, "value"));
            silo.Kill();
        }

        await using SiloProcess next = await StartAsync();

        Assert.Equal(0, await CountAsync(next, "value"));
    }

    [Fact]
    public async Task DamagedFile_IsSetAsideAsync()
    {
        await SaveAsync();
        byte[] saved = await File.ReadAllBytesAsync(SaveFile, TestContext.Current.CancellationToken);
        saved[saved.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(SaveFile, saved, TestContext.Current.CancellationToken);

        await using SiloProcess silo = await StartAsync();

        Assert.Equal(0, await CountAsync(silo, "value"));
        Assert.Equal([SaveFile + ".damaged"], Directory.GetFiles(_folder.FullName));
        Assert.Contains($"'{SaveFile}' is damaged", silo.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhenTheFileCannotBeWritten_SaysSoAndLeavesWhatIsThereAsync()
    {
        await using SiloProcess silo = await StartAsync();
        await FillAsync(silo, "value");
        await File.WriteAllTextAsync(SaveFile, "previous", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(SaveFile + ".new");

        Assert.Equal(0, await silo.TerminateAsync());

        Assert.Contains($"Nothing was saved to '{SaveFile}'", silo.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal("previous", await File.ReadAllTextAsync(SaveFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Join_OfASiloWithAFile_KeepsWhatTheClusterHoldsAsync()
    {
        await SaveAsync();
        await using SiloProcess first = await SiloProcess.StartAsync("first", "64MiB");
        await FillAsync(first, "newer");

        await using SiloProcess second = await SiloProcess.StartAsync("second", "64MiB", first, "--save", SaveFile);

        Assert.Empty(Directory.GetFiles(_folder.FullName));
        Assert.Contains($"'{SaveFile}' is not loaded", second.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(Keys, await CountAsync(second, "newer"));
        Assert.Equal(0, await second.TerminateAsync());
        Assert.Empty(Directory.GetFiles(_folder.FullName)); // it has handed all to the first
        Assert.Equal(Keys, await CountAsync(first, "newer"));
    }

    [Theory]
    [InlineData(false, Keys)]
    [InlineData(true, 0)]
    public async Task Start_WithAClusterStore_LoadsUnlessAnotherSiloHasServedSinceAsync(bool hasOther, int expected)
    {
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        string[] arguments = ["--cluster-store", postgres.ConnectionString, "--save", SaveFile];
        await using (SiloProcess silo = await SiloProcess.StartAsync("one", "64MiB", primary: null, arguments))
        {
            await FillAsync(silo, "value");
            Assert.Equal(0, await silo.TerminateAsync());
        }

        if (hasOther)
        {
            await using SiloProcess other = await SiloProcess.StartAsync("other", "64MiB", primary: null, arguments[..2]);
            Assert.Equal(0, await other.TerminateAsync());
        }

        await using SiloProcess next = await SiloProcess.StartAsync("one", "64MiB", primary: null, arguments);

        output.WriteLine(next.Output.ToString());
        Assert.Equal(expected, await CountAsync(next, "value"));
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<SiloProcess> StartAsync() => SiloProcess.StartAsync("alone", "64MiB", primary: null, "--save", SaveFile);

    private async Task SaveAsync()
    {
        await using SiloProcess silo = await StartAsync();
        await FillAsync(silo, "value");
        Assert.Equal(0, await silo.TerminateAsync());
    }

    private static async Task FillAsync(SiloProcess silo, string value)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        for (int key = 0; key < Keys; key++)
        {
            Assert.Equal(
                "STORED", await connection.SetAsync($"key-{key}", $"{value}-{key}", (uint)key, key % 2 == 0 ? 0 : 1000));
        }
    }

    private static async Task SetAsync(SiloProcess silo, string key, string value, long expirationSeconds = 0)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        Assert.Equal("STORED", await connection.SetAsync(key, value, expirationSeconds: expirationSeconds));
    }

    private static async Task<int> CountAsync(SiloProcess silo, string value)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        int found = 0;
        for (int key = 0; key < Keys; key++)
        {
            string expected = string.Create(CultureInfo.InvariantCulture, $"{value}-{key}");
            found += await connection.GetAsync($"key-{key}") == expected ? 1 : 0;
        }

        return found;
    }

    // The lines of some keys as a client sees them.
    private static async Task<string[]> GetsAsync(SiloProcess silo)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        await connection.SendAsync($"gets {string.Join(' ', Enumerable.Range(0, 50).Select(key => $"key-{key}"))}\r\n");
        List<string> lines = [];
        for (string line = await connection.ReadLineAsync(); line != "END"; line = await connection.ReadLineAsync())
        {
            lines.Add(line);
        }

        Assert.Equal(100, lines.Count);
        return [.. lines];
    }
}
