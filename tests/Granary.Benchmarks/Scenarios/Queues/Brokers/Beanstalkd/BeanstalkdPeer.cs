using System.Globalization;
using System.Net;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;

/// <summary>beanstalkd, as Debian installs it.</summary>
internal sealed class BeanstalkdPeer : IQueuePeer
{
    private readonly string? _program = Executable.Find("beanstalkd");

    public string Name => "beanstalkd";

    public bool IsPresent => _program is not null;

    public string? SetupFor(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => "-b -f 0",
        DurabilityClass.Buffered => "-b (a sync each 50 ms)",
        _ => "no binlog",
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
                "-l", endPoint.Address.ToString(),
                "-p", endPoint.Port.ToString(CultureInfo.InvariantCulture),
                .. durability == DurabilityClass.Memory ? (string[])[] : ["-b", folder.Path],
                .. durability == DurabilityClass.Strict ? (string[])["-f", "0"] : [],
            ];
            broker = await BrokerProcess.StartAsync(
                new ServerCommand(_program!, arguments) { Cpu = cpu, Directory = folder.Path },
                endPoint,
                cancellationToken);
            return await BeanstalkdQueue.ConnectAsync(folder, broker, endPoint, cancellationToken);
        }
        catch
        {
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }
}
