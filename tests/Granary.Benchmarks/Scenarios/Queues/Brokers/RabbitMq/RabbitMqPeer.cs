using System.Globalization;
using System.Net;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>RabbitMQ, as Debian's package rabbitmq-server installs it.</summary>
internal sealed class RabbitMqPeer : IQueuePeer
{
    private const string Usage = "publisher confirms, topic: fanout exchange to such queues, "
        + "request: a message of such a queue, reply: direct reply-to, not stored";

    // Not the script on PATH: that one changes to the user rabbitmq and to /var/lib.
    private readonly string? _program = Executable.Find("rabbitmq-server", "/usr/lib/rabbitmq/bin");
    private readonly string? _portMapper = Executable.Find("epmd");

    public string Name => "rabbitmq";

    public bool IsPresent => _program is not null && _portMapper is not null;

    public string? SetupFor(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => $"quorum queue, one node, persistent messages, {Usage}",
        DurabilityClass.Memory => $"classic queue, transient messages, {Usage}",
        _ => null, // a durable classic queue also confirms after its sync
    };

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        var folder = new DataFolder();
        BrokerProcess? portMapper = null;
        BrokerProcess? broker = null;
        try
        {
            // Erlang would start this one itself and leave it behind.
            IPEndPoint mapper = Loopback.FreeEndPoint();
            portMapper = await BrokerProcess.StartAsync(
                new ServerCommand(_portMapper!, ["-port", Text(mapper.Port), "-address", "127.0.0.1"]) { Cpu = cpu },
                mapper,
                cancellationToken);
            IPEndPoint endPoint = Loopback.FreeEndPoint();
            broker = await BrokerProcess.StartAsync(
                Command(folder, endPoint, mapper, cpu), endPoint, cancellationToken);
            return await RabbitMqQueue.ConnectAsync(durability, folder, portMapper, broker, endPoint, cancellationToken);
        }
        catch
        {
            await StopAsync(broker, portMapper, folder);
            throw;
        }
    }

    public static async ValueTask StopAsync(BrokerProcess? broker, BrokerProcess? portMapper, DataFolder folder)
    {
        await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (portMapper?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder.Dispose();
    }

    private ServerCommand Command(DataFolder folder, IPEndPoint endPoint, IPEndPoint mapper, int? cpu)
    {
        string home = folder.Sub("home");
        string plugins = Path.Combine(folder.Path, "enabled_plugins");
        File.WriteAllText(plugins, "[].\n");
        string configuration = Path.Combine(folder.Path, "rabbitmq.conf");
        File.WriteAllText(configuration, $"""
            listeners.tcp.1 = 127.0.0.1:{Text(endPoint.Port)}
            log.console = false
            disk_free_limit.absolute = 1GB

            """);
        return new ServerCommand(_program!, ["-noinput"])
        {
            Cpu = cpu,
            Directory = folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["HOME"] = home, // for the cookie
                ["ERL_EPMD_PORT"] = Text(mapper.Port),
                ["RABBITMQ_NODENAME"] = $"bench{Text(endPoint.Port)}@localhost",
                ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_DIST_PORT"] = Text(Loopback.FreeEndPoint().Port),
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
                ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder.Path, "none"),
                ["RABBITMQ_CONFIG_FILE"] = configuration,
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder.Path, "none"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
                ["RABBITMQ_MNESIA_BASE"] = folder.Sub("mnesia"),
                ["RABBITMQ_LOG_BASE"] = folder.Sub("log"),
                ["RABBITMQ_PID_FILE"] = Path.Combine(folder.Path, "pid"),
                ["RABBITMQ_ALLOW_INPUT"] = "1", // the start script becomes the server instead of waiting for it
            },
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
