using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Cache;
using Granary.Memcached.Server;
using Granary.Silo.Access;
using Granary.Silo.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Granary.Silo.Hosting;

/// <summary>Says where to connect, to people and to the port file, when the silo serves its shards.</summary>
internal sealed class ReadyAnnouncement(
    LocalCache cache,
    MemcachedGateway gateway,
    SiloSettings settings,
    Ports ports,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);

    private readonly long _started = time.GetTimestamp();

    /// <summary>Which ports ask for nothing, and which secrets cross the network in clear.</summary>
    internal static string Security(SiloSettings settings)
    {
        CredentialFolder has = settings.Credentials;
        string[] open =
        [
            .. has.Tls is null ? ["silos and .NET clients"] : Array.Empty<string>(),
            .. settings.MemcachedUsers is null ? ["memcached"] : Array.Empty<string>(),
            .. has.AccessTokens is null ? ["http"] : Array.Empty<string>(),
        ];
        string[] clear =
        [
            .. settings.MemcachedUsers is not null && !settings.HasMemcachedTls ? ["memcached passwords"] : Array.Empty<string>(),
            .. has.AccessTokens is not null && has.Tls is null ? ["access tokens"] : Array.Empty<string>(),
        ];
        string inClear = clear.Length == 0 ? string.Empty : $"; in clear: {string.Join(", ", clear)}";
        return open.Length == 0
            ? $"credentials on every port{inClear}"
            : $"whoever reaches {settings.Bind} may use: {string.Join(", ", open)}{inClear}";
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(PollPeriod, time);
        while (!cache.IsReady)
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        var http = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        if (!string.IsNullOrEmpty(settings.PortFile))
        {
            await WritePortFileAsync(settings.PortFile, http.Port, stoppingToken);
        }

        if (!string.IsNullOrEmpty(settings.MemcachedPortFile))
        {
            await WriteAsync(settings.MemcachedPortFile, MemcachedPorts(gateway.EndPoints), stoppingToken);
        }

        System.Console.Out.Write(Banner(http));
        Daemon.Detach();
        await OwnPage.AskAsync(http, stoppingToken);
    }

    // As memcached writes them: a line for each address.
    private static string MemcachedPorts(IEnumerable<EndPoint> addresses) => string.Concat(addresses.OfType<IPEndPoint>().Select(
        static one => $"TCP {(one.AddressFamily == AddressFamily.InterNetworkV6 ? "INET6" : "INET")}: {one.Port}\n"));

    private Task WritePortFileAsync(string file, int http, CancellationToken cancellationToken) => WriteAsync(
        file,
        string.Create(
            CultureInfo.InvariantCulture,
            $"memcached={gateway.EndPoint.Port}\nsilo={ports.Silo}\ngateway={ports.Gateway}\nhttp={http}\n"),
        cancellationToken);

    // Written beside and renamed, so that who waits for the file never reads half of it.
    private static async Task WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(file + ".new", text, cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
    }

    private string MemcachedPlaces() => string.Join(", ", gateway.EndPoints.Select(one => one switch
    {
        IPEndPoint tcp when !settings.Memcached.HasOwnAddresses => $"{new IPEndPoint(settings.Advertise, tcp.Port)}",
        IPEndPoint tcp => $"{tcp}",
        _ => settings.Memcached.Socket!,
    }));

    private string Banner(Uri http)
    {
        string version = typeof(ReadyAnnouncement).Assembly.GetName().Version!.ToString(3);
        var dotNet = new IPEndPoint(settings.Advertise, ports.Gateway);
        string web = $"{http.Scheme}://{new IPEndPoint(settings.Advertise, http.Port)}";
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Granary {version}: silo '{settings.Name}' is ready after {time.GetElapsedTime(_started).TotalSeconds:0.0} s.");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"  memcached  {MemcachedPlaces()}");
        string tls = settings.Credentials.Tls is null ? string.Empty : ", options => options.Tls = TlsFiles.In(FOLDER)";
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  .NET       {dotNet}   services.AddGranaryClient(\"{dotNet}\"{tls})");
        text.AppendLine(CultureInfo.InvariantCulture, $"  console    {web}/");
        text.AppendLine(CultureInfo.InvariantCulture, $"  health     {web}{HealthEndpoints.ReadyPath}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  metrics    {web}{Telemetry.MetricsPath}");
        string join = settings.ClusterStore is null
            ? $"--primary {settings.Primary ?? new IPEndPoint(settings.Advertise, ports.Silo)}"
            : "the same --cluster-store";
        text.AppendLine(CultureInfo.InvariantCulture, $"  join       {join}");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  cache      {ByteSize.Format(settings.MemoryBytes)} for {cache.OpenShards} of {settings.ShardCount} shards, values up to {ByteSize.Format(settings.MaxItemBytesAllowed)}");
        if (settings.ClusterStore is not null)
        {
            text.AppendLine("  queues     in the cluster store");
        }
        else if (settings.Primary is null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  queues     {settings.DataFolder}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  security   {Security(settings)}");
        text.AppendLine("  stop       Ctrl-C");
        return text.ToString();
    }
}
