using System.Net.Sockets;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Sockets;

/// <summary>Serves connections with .NET's own sockets, where there is no epoll.</summary>
internal sealed class SocketLoop(GatewayState gateway, ILogger logger) : IConnectionLoop
{
    private const int ReadBytes = 16 << 10;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    public void Add(Socket socket)
    {
        lock (_lock)
        {
            _running.RemoveWhere(task => task.IsCompleted);
            _running.Add(Task.Run(() => ServeAsync(socket)));
        }
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Task all;
        lock (_lock)
        {
            all = Task.WhenAll(_running);
        }

        await Task.WhenAny(all, Task.Delay(Timeout.Infinite, cancellationToken));
        await _stopping.CancelAsync();
        await all;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ServeAsync(Socket socket)
    {
        using SemaphoreSlim resumed = new(0);
        using var session = new Session(gateway, gateway.AddCounters(), () => resumed.Release());
        using var input = new HeldBytes(gateway.Budget);
        var output = new OutputBuffer();
        try
        {
            await ServeAsync(socket, session, input, output, resumed);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The client has gone, or the silo goes.
        }
        catch (Exception exception) // the edge: one connection
        {
            logger.ConnectionFailed(exception);
        }
        finally
        {
            socket.Dispose();
            gateway.RemoveConnection();
        }
    }

    private async Task ServeAsync(
        Socket socket, Session session, HeldBytes input, OutputBuffer output, SemaphoreSlim resumed)
    {
        while (true)
        {
            SessionStatus status = session.Process(input.Span, output, out int consumed);
            input.Remove(consumed);
            if (output.Length > 0)
            {
                await SendAsync(socket, output);
            }

            if (status == SessionStatus.Close)
            {
                return;
            }

            if (status == SessionStatus.Suspended)
            {
                await resumed.WaitAsync(_stopping.Token);
            }
            else if (status == SessionStatus.NeedInput && !await TryReceiveAsync(socket, input))
            {
                return;
            }
        }
    }

    private async Task SendAsync(Socket socket, OutputBuffer output)
    {
        ReadOnlyMemory<byte> rest = output.WrittenMemory;
        while (!rest.IsEmpty)
        {
            rest = rest[await socket.SendAsync(rest, _stopping.Token)..];
        }

        output.Clear();
    }

    private async Task<bool> TryReceiveAsync(Socket socket, HeldBytes input)
    {
        if (!input.TryReserve(Math.Max(ReadBytes, input.Length), out Memory<byte> room))
        {
            return false; // past the budget
        }

        int received = await socket.ReceiveAsync(room, _stopping.Token);
        input.Added(received);
        return received > 0;
    }
}
