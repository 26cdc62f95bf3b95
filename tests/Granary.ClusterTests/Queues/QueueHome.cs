using System.Globalization;
using Granary.Client;
using Granary.ClusterTests.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Queues;

/// <summary>A silo that keeps queues, at the same place and with the same data however often it dies, and its clients.</summary>
internal sealed class QueueHome : IAsyncDisposable
{
    private readonly DirectoryInfo _data;
    private readonly QueueClients _clients = new();

    private readonly SiloPlace _place;

    private QueueHome(string? data, SiloPlace place)
    {
        _place = place;
        _data = data is null
            ? Directory.CreateTempSubdirectory("granary-queues-")
            : Directory.CreateDirectory(Path.Combine(data, "queues"));
    }

    public SiloProcess Silo { get; private set; } = null!;

    /// <param name="data">The folder that gets the data's; <see langword="null"/>: any.</param>
    /// <param name="place">Where the silo runs; on this machine as it is if nothing is said.</param>
    public static async Task<QueueHome> StartAsync(string? data = null, SiloPlace? place = null)
    {
        QueueHome home = new(data, place ?? SiloPlace.Here);
        home.Silo = await home.StartSiloAsync([]);
        return home;
    }

    /// <summary>Starts the silo again, which has ended.</summary>
    public async Task RestartAsync()
    {
        SiloPorts ports = Silo.Ports;
        await Silo.DisposeAsync();
        Silo = await StartSiloAsync(
        [
            "--silo-port", ports.Silo.ToString(CultureInfo.InvariantCulture),
            "--gateway-port", ports.Gateway.ToString(CultureInfo.InvariantCulture),
        ]);
    }

    /// <summary>A client of its own.</summary>
    /// <param name="silo">Where it begins; <see langword="null"/>: at this home's.</param>
    /// <param name="configure">Adds to its services.</param>
    public Task<IHost> ConnectAsync(SiloProcess? silo = null, Action<IServiceCollection>? configure = null) =>
        _clients.ConnectAsync([silo ?? Silo], configure);

    /// <summary>The queues, by a client of its own.</summary>
    public async Task<IGranaryQueues> QueuesAsync(SiloProcess? silo = null) =>
        (await ConnectAsync(silo)).Services.GetRequiredService<IGranaryQueues>();

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await Silo.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private Task<SiloProcess> StartSiloAsync(string[] arguments) =>
        SiloProcess.StartAsync(_place, "keeper", "64MiB", primary: null, ["--data", _data.FullName, .. arguments]);
}
