using System.Globalization;
using System.Net;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>Redis streams, with redis-server as Debian installs it.</summary>
internal sealed class RedisPeer : IQueuePeer
{
    private readonly string? _program = Executable.Find("redis-server");

    public string Name => "redis";

    public bool IsPresent => _program is not null;

    public string? SetupFor(DurabilityClass durability) =>
        $"stream and consumer group, {Persistence(durability)}, topic: no XDEL, XADD MAXLEN ~ {RedisTopics.MaxLength}";

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        var folder = new DataFolder();
        BrokerProcess? broker = null;
        try
        {
            IPEndPoint endPoint = Loopback.FreeEndPoint();
            string[] arguments =
            [
                "--bind", endPoint.Address.ToString(),
                "--port", endPoint.Port.ToString(CultureInfo.InvariantCulture),
                "--dir", folder.Path,
                "--save", "",
                .. Persistence(durability).Split(' ').Select((word, index) => index % 2 == 0 ? $"--{word}" : word),
            ];
            broker = await BrokerProcess.StartAsync(
                new ServerCommand(_program!, arguments) { Cpu = cpu, Directory = folder.Path },
                endPoint,
                cancellationToken);
            return await RedisQueue.ConnectAsync(folder, broker, endPoint, cancellationToken);
        }
        catch
        {
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }

    private static string Persistence(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => "appendonly yes appendfsync always",
        DurabilityClass.Buffered => "appendonly yes appendfsync everysec",
        _ => "appendonly no",
    };
}
