using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers;

/// <summary>A broker's server process, which can be started again on its data.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly ServerCommand _command;
    private readonly IPEndPoint _endPoint;
    private ServerProcess? _process;

    private BrokerProcess(ServerCommand command, IPEndPoint endPoint)
    {
        _command = command;
        _endPoint = endPoint;
    }

    public int Id => _process?.Id ?? 0;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="PeerException">It ended or did not listen in time; it is stopped.</exception>
    public static async Task<BrokerProcess> StartAsync(
        ServerCommand command, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var broker = new BrokerProcess(command, endPoint);
        await broker.StartAsync(cancellationToken);
        return broker;
    }

    /// <summary>Stops it as its operator would. It may be started again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Starts it again, on its data.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = ServerProcess.Start(_command);
        try
        {
            long start = Stopwatch.GetTimestamp();
            while (!await ListensAsync(cancellationToken))
            {
                if (_process.HasExited || Stopwatch.GetElapsedTime(start) > StartTimeout)
                {
                    throw new PeerException($"It did not listen on {_endPoint} and {_process.Describe()}");
                }

                await Task.Delay(Interval, cancellationToken);
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_endPoint, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
