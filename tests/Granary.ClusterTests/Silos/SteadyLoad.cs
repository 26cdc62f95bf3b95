using System.Globalization;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>One memcached client for each silo, that sets and gets keys of the whole cluster and remembers every error.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Keys = 1000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<long>[] _clients;

    private SteadyLoad(IEnumerable<SiloProcess> silos) =>
        _clients = [.. silos.Select((silo, client) => Task.Run(() => RunAsync(silo.Ports.Memcached, client)))];

    public static SteadyLoad Start(IEnumerable<SiloProcess> silos) => new(silos);

    /// <summary>Ends the load.</summary>
    /// <returns>How many operations there were.</returns>
    /// <exception cref="InvalidDataException">One of them had an error.</exception>
    public async Task<long> CompleteAsync()
    {
        await _stop.CancelAsync();
        return (await Task.WhenAll(_clients)).Sum();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    // A miss is no error: a shard that moves to a silo that joins begins empty.
    private async Task<long> RunAsync(int port, int client)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(port);
        long operations = 0;
        for (; !_stop.IsCancellationRequested; operations += 2)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"load-{client}-{operations % Keys}");
            string reply = await connection.SetAsync(key, key);
            string? value = await connection.GetAsync(key);
            if (reply != "STORED" || (value ?? key) != key)
            {
                throw new InvalidDataException($"After {operations} operations: {key} is '{value}' after '{reply}'.");
            }
        }

        return operations;
    }
}
