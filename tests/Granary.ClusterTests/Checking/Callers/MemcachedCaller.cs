using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>
/// One connection of memcached's text protocol, with one command under way. When the server has closed it between two
/// commands, the next goes to the next silo. Repeats nothing that was sent.
/// </summary>
/// <param name="endpoints">Asked whenever a connection is made.</param>
/// <param name="first">Index of the end point to begin with, modulo their number.</param>
/// <param name="answerTimeout">How long connecting may take in all.</param>
internal sealed class MemcachedCaller(Endpoints endpoints, int first, TimeSpan answerTimeout) : ICaller
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1); // of one end point
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10); // when all have been tried

    private readonly ArrayBufferWriter<byte> _request = new(1024);
    private byte[] _received = new byte[16 << 10];
    private int _next = first;
    private volatile Socket? _socket;
    private volatile bool _abandoned;

    public Protocol Protocol => Protocol.Memcached;

    public long Reconnects { get; private set; }

    public async ValueTask<Reply> ExecuteAsync(Operation operation)
    {
        _abandoned = false;
        _request.ResetWrittenCount();
        MemcachedRequest.Write(_request, operation);
        bool sent = false;
        try
        {
            while (!sent)
            {
                if (!await EnsureConnectedAsync())
                {
                    return Reply.Refused(ErrorKind.NotConnected, $"No silo took a connection in {answerTimeout}.");
                }

                sent = await TrySendAsync(_socket!);
            }

            return await ReceiveAsync(_socket!);
        }
        catch (InvalidDataException error)
        {
            Disconnect();
            return Reply.Refused(ErrorKind.Unexpected, error.Message);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            Disconnect();
            return _abandoned
                ? Reply.Unknown(ErrorKind.TimedOut, "No answer in time.")
                : Reply.Unknown(ErrorKind.Unanswered, error.Message);
        }
    }

    public void Abandon()
    {
        _abandoned = true;
        _socket?.Dispose();
    }

    public void Dispose() => _socket?.Dispose();

    /// <returns><see langword="false"/> if nothing of the command was taken: it can be sent again.</returns>
    private async ValueTask<bool> TrySendAsync(Socket socket)
    {
        for (int sent = 0; sent < _request.WrittenCount;)
        {
            try
            {
                sent += await socket.SendAsync(_request.WrittenMemory[sent..]);
            }
            catch (SocketException) when (sent == 0 && !_abandoned)
            {
                Reconnects++;
                Disconnect();
                return false;
            }
        }

        return true;
    }

    private async ValueTask<Reply> ReceiveAsync(Socket socket)
    {
        int received = 0;
        Reply reply;
        do
        {
            if (received == _received.Length)
            {
                Array.Resize(ref _received, 2 * received);
            }

            int length = await socket.ReceiveAsync(_received.AsMemory(received));
            received += length > 0
                ? length
                : throw new EndOfStreamException($"Closed {received} bytes into the answer.");
        }
        while (!MemcachedReply.TryParse(_received.AsMemory(0, received), out reply));

        if (reply.Error == ErrorKind.Unexpected)
        {
            Disconnect(); // what comes next on it belongs to nothing
        }

        return reply;
    }

    private async ValueTask<bool> EnsureConnectedAsync()
    {
        if (_socket is { } socket)
        {
            // Readable with nothing to read: the server has closed, and no command was under way.
            if (!socket.Poll(0, SelectMode.SelectRead))
            {
                return true;
            }

            if (socket.Available > 0)
            {
                throw new InvalidDataException($"{socket.Available} bytes came without a command.");
            }

            Reconnects++;
            Disconnect();
        }

        var clock = Stopwatch.StartNew();
        for (int attempt = 1; !await TryConnectAsync(); attempt++)
        {
            if (_abandoned || clock.Elapsed > answerTimeout)
            {
                return false;
            }

            if (attempt % endpoints.Current.Length == 0)
            {
                await Task.Delay(Pause);
            }
        }

        return true;
    }

    private async ValueTask<bool> TryConnectAsync()
    {
        IPEndPoint[] all = endpoints.Current;
        IPEndPoint target = all[_next++ % all.Length];
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = new CancellationTokenSource(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(target, timeout.Token);
            _socket = socket;
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return false;
        }
    }

    private void Disconnect()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
