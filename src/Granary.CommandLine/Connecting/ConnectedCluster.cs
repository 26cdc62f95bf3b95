using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Client;
using Granary.CommandLine.Outcomes;
using Granary.Queues;
using Granary.Reports;
using Granary.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.CommandLine.Connecting;

/// <summary>A cluster that this process is a client of.</summary>
internal sealed class ConnectedCluster : ICluster
{
    // Who has typed a command has the answer by now; a silo that does not say good-bye is not waited for.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly IGranaryCluster _cluster;
    private readonly ClusterReader _reader;
    private readonly QueueReader _queues;
    private readonly ConnectionSettings _settings;
    private readonly TimeProvider _time;

    private ConnectedCluster(IHost host, ConnectionSettings settings)
    {
        _host = host;
        _settings = settings;
        _time = host.Services.GetRequiredService<TimeProvider>();
        _cluster = host.Services.GetRequiredService<IGranaryCluster>();
        IClusterClient client = host.Services.GetRequiredService<IClusterClient>();
        _reader = new ClusterReader(client, static silo => silo.Service, _time);
        _queues = new QueueReader(client, _time);
        Cache = host.Services.GetRequiredService<IGranaryCache>();
        Queues = host.Services.GetRequiredService<IGranaryQueues>();
    }

    public IGranaryCache Cache { get; }

    public IGranaryQueues Queues { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="VerbException">A setting makes no sense, or no silo answers in time.</exception>
    public static async Task<ICluster> ConnectAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        TlsFiles? tls = TlsOf(settings);
        IHost host = Build(settings, tls);
        try
        {
            // Orleans looks at the token between two attempts only, and one attempt may wait for a silent machine.
            await host.StartAsync(cancellationToken).WaitAsync(settings.Timeout, cancellationToken);
        }
        catch (Exception exception) when (exception is GranaryException or OrleansException or TimeoutException or IOException)
        {
            throw NotReached(settings); // the host is left to the end of the process: it still tries
        }

        return new ConnectedCluster(host, settings);
    }

    public async Task<ClusterReading> ReadAsync(ReportParts parts, CancellationToken cancellationToken) =>
        await LimitAsync(
            async () =>
            {
                await _cluster.GetMapAsync(cancellationToken); // from then on all silos are reached
                return await _reader.ReadAsync(parts, cancellationToken);
            },
            cancellationToken);

    public Task<QueueList> ListQueuesAsync(ClusterReading reading, CancellationToken cancellationToken) =>
        LimitAsync(() => _queues.ListAsync(reading, cancellationToken), cancellationToken);

    public Task<MessagePage> PeekAsync(
        string queue, MessageState state, string? from, int max, CancellationToken cancellationToken) =>
        LimitAsync(() => _queues.PeekAsync(queue, state, from, max, cancellationToken), cancellationToken);

    public Task DrainAsync(string silo, CancellationToken cancellationToken) => LimitAsync(
        async () =>
        {
            await _reader.DrainAsync(silo, cancellationToken);
            return true;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var farewell = new CancellationTokenSource(Farewell, _time);
            await _host.StopAsync(farewell.Token).WaitAsync(Farewell, _time);
            _host.Dispose();
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException or OrleansException)
        {
            // The process is about to end, and its connections with it.
        }
    }

    private static IHost Build(ConnectionSettings settings, TlsFiles? tls)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        try
        {
            builder.Services.AddGranaryClient(settings.Seeds, options =>
            {
                options.ConnectTimeout = settings.Timeout;
                options.OperationTimeout = settings.Timeout;
                options.Tls = tls;
            });
        }
        catch (ArgumentException exception)
        {
            throw new VerbException($"--connect is '{settings.Seeds}': {Sentences.Of(exception)}", ExitCodes.WrongCommandLine);
        }

        return builder.Build();
    }

    private static TlsFiles? TlsOf(ConnectionSettings settings)
    {
        if (settings.Credentials is null)
        {
            return null;
        }

        TlsFiles files = TlsFiles.In(settings.Credentials);
        string? missing = Array.Find([files.CertificateFile, files.KeyFile, files.AuthorityFile], static file => !File.Exists(file));
        return missing is null
            ? files
            : throw new VerbException(
                $"--credentials is '{settings.Credentials}': there is no {Path.GetFileName(missing)}; a client has tls.crt, tls.key and ca.crt.",
                ExitCodes.WrongCommandLine);
    }

    private static VerbException NotReached(ConnectionSettings settings)
    {
        string certificate = settings.Credentials is null
            ? "whether the cluster asks for a certificate (--credentials)"
            : $"whether the certificate in '{settings.Credentials}' is of the cluster's authority, and valid";
        return new VerbException(
            $"No silo at {settings.Seeds} answered within {Sentences.Seconds(settings.Timeout)}: check the address, "
                + $"which is that of a silo's gateway (--gateway-port), and {certificate}.",
            ExitCodes.NotReached);
    }

    private async Task<T> LimitAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(_settings.Timeout, _time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new GranaryUnavailableException(
                $"The cluster at {_settings.Seeds} did not answer within {Sentences.Seconds(_settings.Timeout)} (--timeout).",
                exception);
        }
    }
}
