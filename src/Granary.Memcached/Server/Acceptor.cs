using System.Net.Sockets;
using Granary.Memcached.Protocol;
using Granary.Memcached.Sockets;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Server;

/// <summary>Accepts the connections of one address and gives them to loops in turn.</summary>
internal sealed class Acceptor(GatewayState state, Socket listener, IConnectionLoop[] loops, ILogger logger)
{
    // After an accept that has failed: descriptors are used up, say, and the next one would fail as fast.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Accepts until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int next = 0; !cancellationToken.IsCancellationRequested; next = (next + 1) % loops.Length)
        {
            try
            {
                await state.Clients.RoomAsync().WaitAsync(cancellationToken);
                Serve(await listener.AcceptAsync(cancellationToken), loops[next]);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The client went before it was served, or there are no descriptors left; both pass.
                logger.AcceptFailed(exception);
                await Task.Delay(RetryDelay, state.Time, CancellationToken.None);
            }
        }
    }

    private void Serve(Socket socket, IConnectionLoop loop)
    {
        if (listener.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = true;
        }

        if (state.Clients.TryAdd())
        {
            loop.Add(socket);
            return;
        }

        using (socket)
        {
            if (!loop.IsTls) // a client of TLS could not read it
            {
                socket.Send(Reply.TooManyConnections, SocketFlags.None, out _);
            }
        }
    }
}
