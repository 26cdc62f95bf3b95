using System.Diagnostics;
using System.Net.Sockets;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>Some silos on this machine; the first is the primary, which holds the membership.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const int ProbeKeys = 100;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    private readonly List<SiloProcess> _silos = [];

    private SiloCluster()
    {
    }

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public SiloProcess Primary => _silos[0];

    /// <summary>Starts the silos and waits until each answers for keys of the whole cluster.</summary>
    /// <param name="siloCount">At least 1.</param>
    /// <param name="memory">The budget of each silo as the command line writes it: 64MiB.</param>
    /// <param name="arguments">Further arguments of each silo.</param>
    public static async Task<SiloCluster> StartAsync(int siloCount, string memory, params string[] arguments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(siloCount, 1);
        var cluster = new SiloCluster();
        try
        {
            // One after another: two cores start three silos no faster at once.
            for (int index = 0; index < siloCount; index++)
            {
                SiloProcess? primary = index == 0 ? null : cluster.Primary;
                cluster._silos.Add(await SiloProcess.StartAsync($"silo-{index}", memory, primary, arguments));
            }

            await cluster.WaitUntilReadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The primary last: the others would otherwise look for it.
        for (int index = _silos.Count - 1; index >= 0; index--)
        {
            await _silos[index].DisposeAsync();
        }
    }

    // While silos join, shards move: a probe may miss or be refused, and is repeated.
    private async Task WaitUntilReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        for (string? problem = "no probe"; problem is not null; problem = await ProbeAsync())
        {
            if (clock.Elapsed > ReadyDeadline)
            {
                throw new TimeoutException(
                    $"The cluster does not answer after {ReadyDeadline}: {problem}. Output:\n{DescribeOutput()}");
            }

            await Task.Delay(50);
        }
    }

    // Writes through each silo, reads through every silo, and leaves nothing behind.
    private async Task<string?> ProbeAsync()
    {
        foreach (SiloProcess writer in _silos)
        {
            foreach (SiloProcess reader in _silos)
            {
                try
                {
                    await ProbeAsync(writer, reader);
                }
                catch (Exception error) when (error is IOException or SocketException or InvalidDataException)
                {
                    return $"written through {writer.Name}, read through {reader.Name}: {error.Message}";
                }
            }
        }

        return null;
    }

    private static async Task ProbeAsync(SiloProcess writer, SiloProcess reader)
    {
        using MemcachedConnection writing = await MemcachedConnection.OpenAsync(writer.Ports.Memcached);
        using MemcachedConnection reading = await MemcachedConnection.OpenAsync(reader.Ports.Memcached);
        for (int number = 0; number < ProbeKeys; number++)
        {
            string key = $"probe-{number}";
            string value = $"{writer.Name}-{reader.Name}-{number}";
            Expect("STORED", await writing.SetAsync(key, value));
            Expect(value, await reading.GetAsync(key));
            Expect("DELETED", await writing.DeleteAsync(key));
        }
    }

    private static void Expect(string expected, string? actual)
    {
        if (actual != expected)
        {
            throw new InvalidDataException($"'{actual}' instead of '{expected}'");
        }
    }

    private string DescribeOutput() =>
        string.Join('\n', _silos.Select(silo => $"--- {silo.Name}\n{silo.Output}"));
}
