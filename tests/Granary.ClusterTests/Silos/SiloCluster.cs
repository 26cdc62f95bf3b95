using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>Some silos on this machine, which find each other at the first of them or in a store.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const int ProbeKeys = 100;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    private readonly List<SiloProcess> _silos = [];
    private readonly string? _store;
    private readonly string? _memory;
    private readonly string[] _arguments;

    private SiloCluster(string? store, string? memory, string[] arguments)
    {
        _store = store;
        _memory = memory;
        _arguments = store is null ? arguments : ["--cluster-store", store, .. arguments];
    }

    /// <summary>Those that have not ended.</summary>
    public IEnumerable<SiloProcess> Running => _silos.Where(silo => !silo.HasExited);

    /// <summary>In the order of their starts, those that have ended included.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The first; it holds the membership if there is no store.</summary>
    public SiloProcess Primary => _silos[0];

    /// <summary>Starts silos with a primary, and waits until each answers for keys of the whole cluster.</summary>
    /// <param name="siloCount">At least 1.</param>
    /// <param name="memory">The budget of each silo as the command line writes it: 64MiB.</param>
    /// <param name="arguments">Further arguments of each silo.</param>
    public static Task<SiloCluster> StartAsync(int siloCount, string memory, params string[] arguments) =>
        StartAsync(new SiloCluster(store: null, memory, arguments), siloCount);

    /// <summary>Starts silos with a cluster store, and waits until each answers for keys of the whole cluster.</summary>
    /// <param name="store">A connection string to PostgreSQL.</param>
    /// <param name="siloCount">At least 1.</param>
    /// <param name="memory">The budget of each silo as the command line writes it: 64MiB.</param>
    /// <param name="arguments">Further arguments of each silo.</param>
    public static Task<SiloCluster> StartWithStoreAsync(
        string store, int siloCount, string memory, params string[] arguments) =>
        StartAsync(new SiloCluster(store, memory, arguments), siloCount);

    /// <summary>Starts one more silo, or one of a name that has ended, without waiting for the others to see it.</summary>
    public Task<SiloProcess> AddAsync(string name) => AddAsync(name, SiloPlace.Here);

    /// <summary>Starts one more silo somewhere.</summary>
    public async Task<SiloProcess> AddAsync(string name, SiloPlace place)
    {
        SiloProcess added = await StartAsync(name, place);
        _silos.Add(added);
        return added;
    }

    /// <summary>Starts silos at the same time.</summary>
    public async Task<SiloProcess[]> AddAsync(IEnumerable<string> names)
    {
        SiloProcess[] added = await Task.WhenAll(names.Select(name => StartAsync(name, SiloPlace.Here)));
        _silos.AddRange(added);
        return added;
    }

    /// <summary>Waits until each silo that has not ended answers for keys of the whole cluster.</summary>
    /// <exception cref="TimeoutException">Not so after 60 s; the message has the silos' output.</exception>
    public async Task WaitUntilReadyAsync()
    {
        // While silos join or leave, shards move: a probe may miss or be refused, and is repeated.
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

    /// <summary>Waits until the running silos' numbers in <c>stats</c> add up to something.</summary>
    public Task WaitForSumAsync(string name, int sum, TimeSpan deadline) =>
        WaitForSumAsync(() => Running, name, sum, deadline);

    /// <summary>Waits until a statistic of some silos adds up to a number.</summary>
    public static async Task WaitForSumAsync(
        Func<IEnumerable<SiloProcess>> silos, string name, int sum, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            Dictionary<string, string>[] all = await Task.WhenAll(silos().Select(silo => silo.StatisticsAsync()));
            if (all.Sum(each => int.Parse(each[name], CultureInfo.InvariantCulture)) == sum)
            {
                return;
            }

            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"The silos' {name} were not {sum} within {deadline}.");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>What a statistic of the silos that run adds up to.</summary>
    public async Task<long> ReadSumAsync(string name)
    {
        Dictionary<string, string>[] all = await Task.WhenAll(Running.Select(silo => silo.StatisticsAsync()));
        return all.Sum(each => long.Parse(each[name], CultureInfo.InvariantCulture));
    }

    /// <summary>No silo yet: a cluster to <see cref="AddAsync(string)"/> silos to that find each other in a store.</summary>
    /// <param name="store">A connection string to PostgreSQL.</param>
    /// <param name="memory">The budget of each silo; none for what it takes by itself.</param>
    /// <param name="arguments">Further arguments of each silo.</param>
    public static SiloCluster WithStore(string store, string? memory, params string[] arguments) =>
        new(store, memory, arguments);

    public async ValueTask DisposeAsync()
    {
        // The primary last: the others would otherwise look for it.
        for (int index = _silos.Count - 1; index >= 0; index--)
        {
            await _silos[index].DisposeAsync();
        }
    }

    private static async Task<SiloCluster> StartAsync(SiloCluster cluster, int siloCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(siloCount, 1);
        try
        {
            // One after another: two cores start three silos no faster at once.
            for (int index = 0; index < siloCount; index++)
            {
                await cluster.AddAsync($"silo-{index}");
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

    private Task<SiloProcess> StartAsync(string name, SiloPlace place) => SiloProcess.StartAsync(
        place, name, _memory, _store is null && _silos.Count > 0 ? Primary : null, _arguments);

    // Writes through each silo, reads through every silo, and leaves nothing behind.
    private async Task<string?> ProbeAsync()
    {
        SiloProcess[] silos = [.. _silos.Where(silo => !silo.HasExited)];
        foreach (SiloProcess writer in silos)
        {
            foreach (SiloProcess reader in silos)
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
        using MemcachedConnection writing = await MemcachedConnection.OpenAsync(writer.Memcached);
        using MemcachedConnection reading = await MemcachedConnection.OpenAsync(reader.Memcached);
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
