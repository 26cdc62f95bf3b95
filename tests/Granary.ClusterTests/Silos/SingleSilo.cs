using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>One silo of 64 MiB for all tests of a class.</summary>
public sealed class SingleSilo : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private SiloCluster? _cluster;

    internal SiloProcess Silo => _cluster!.Primary;

    internal int Port => Silo.Ports.Memcached;

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB");

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? default;

    /// <summary>Fails unless the silo serves a client that has nothing to do with what came before.</summary>
    internal async Task AssertServesAsync()
    {
        string value = $"{Environment.TickCount64}";
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(Port);
        Assert.Equal("STORED", await connection.SetAsync("another", value));
        Assert.Equal(value, await connection.GetAsync("another"));
    }

    /// <summary>A number of the silo's "stats".</summary>
    internal async Task<long> StatisticAsync(string name)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(Port);
        return long.Parse((await connection.StatisticsAsync())[name], CultureInfo.InvariantCulture);
    }

    /// <summary>Polls a number of "stats" until it is as awaited.</summary>
    internal async Task WaitForStatisticAsync(string name, string awaited, Func<long, bool> condition)
    {
        var clock = Stopwatch.StartNew();
        for (long value = await StatisticAsync(name); !condition(value); value = await StatisticAsync(name))
        {
            if (clock.Elapsed > Deadline)
            {
                throw new TimeoutException($"{name} is {value} and not {awaited} after {Deadline}.");
            }

            await Task.Delay(20);
        }
    }
}
