using System.Globalization;
using System.Net;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>NATS JetStream, as Debian's package nats-server installs it.</summary>
/// <remarks>2.9 syncs once a minute and has no setting for it, so it has no strict class.</remarks>
internal sealed class NatsPeer : IQueuePeer
{
    private readonly string? _program = Executable.Find("nats-server", "/usr/sbin");

    public string Name => "nats";

    public bool IsPresent => _program is not null;

    public string? SetupFor(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Buffered => "file storage, one replica, work-queue retention, topic: interest retention",
        DurabilityClass.Memory => "memory storage, one replica, work-queue retention, topic: interest retention, "
            + "request: without JetStream, not stored",
        _ => null,
    };

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
                "--addr", "127.0.0.1",
                "--port", endPoint.Port.ToString(CultureInfo.InvariantCulture),
                "--jetstream",
                "--store_dir", folder.Sub("jetstream"),
            ];
            broker = await BrokerProcess.StartAsync(
                new ServerCommand(_program!, arguments) { Cpu = cpu, Directory = folder.Path },
                endPoint,
                cancellationToken);
            return await NatsQueue.ConnectAsync(durability, folder, broker, endPoint);
        }
        catch
        {
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }
}
