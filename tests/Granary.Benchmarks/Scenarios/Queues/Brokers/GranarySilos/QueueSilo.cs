using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;
using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>
/// A silo that may be started again on its data, and Granary's client as an application uses it: one registration,
/// defaults.
/// </summary>
/// <param name="cpu">The core it is pinned to; <see langword="null"/> leaves it free.</param>
/// <param name="store">Where its queues are kept; it ends with the silo. <see langword="null"/> for a folder.</param>
internal sealed class QueueSilo(int? cpu, PostgreSqlServer? store = null) : IAsyncDisposable
{
    private const int CacheMebibytes = 64; // nothing is cached here

    private readonly DataFolder _folder = new();
    private RunningPeer? _silo;
    private IHost? _client;

    /// <summary>Variables of the silo beside this program's own.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Adds to the Orleans client what an application would.</summary>
    public Action<IClientBuilder>? ConfigureClient { get; init; }

    // memcached's clients see "1.6.45-granary-0.1.0".
    public string Version => _silo?.Version.Split('-')[^1] ?? "?";

    /// <summary>Of the silo and of its store.</summary>
    public IReadOnlyList<int> ProcessIds =>
        [.. ((int?[])[_silo?.ProcessId, store?.ProcessId]).OfType<int>()];

    /// <summary>Of the client, while it runs.</summary>
    public IServiceProvider Services => _client!.Services;

    public IGranaryQueues Queues => Services.GetRequiredService<IGranaryQueues>();

    /// <summary>Starts the silo and the client.</summary>
    /// <param name="arguments">What the silo is told beside where its queues are.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="PeerException">It ended or did not answer in time.</exception>
    public async Task StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var settings = new PeerSettings { MemoryMebibytes = CacheMebibytes, Cpu = cpu };
        string[] place = store is null
            ? ["--data", _folder.Sub("queues")]
            : ["--cluster-store", store.ConnectionString];
        _silo = await new GranarySilo().StartAsync(
            "bench", settings, [.. place, .. arguments], cancellationToken, Environment);
        _client = await GranaryClient.StartAsync(_silo, cancellationToken, ConfigureClient);
    }

    /// <summary>Stops the client and the silo, as their operators would. The store goes on.</summary>
    public async Task StopAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
            _client = null;
        }

        if (_silo is not null)
        {
            await _silo.DisposeAsync();
            _silo = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }
}
