using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.ClusterTests.Clients;

/// <summary>
/// A connection that sends any bytes and reads values as bytes. Holds no buffer until something is read. One caller at a
/// time; a call that takes over 30 s throws and says what it waited for.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    private RawConnection(Socket socket)
    {
        _socket = socket;
    }

    /// <param name="port">On loopback.</param>
    /// <param name="receiveBufferBytes">The kernel's; 0 leaves it as it is.</param>
    public static async Task<RawConnection> OpenAsync(int port, int receiveBufferBytes = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = receiveBufferBytes;
        }

        var connection = new RawConnection(socket);
        await connection.LimitAsync(
            $"a connection to port {port}", async token => await socket.ConnectAsync(IPAddress.Loopback, port, token));
        return connection;
    }

    /// <param name="unixSocket">Its file.</param>
    public static async Task<RawConnection> OpenAsync(string unixSocket)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var connection = new RawConnection(socket);
        await connection.LimitAsync(
            $"a connection to {unixSocket}", async token => await socket.ConnectAsync(new UnixDomainSocketEndPoint(unixSocket), token));
        return connection;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => LimitAsync(
        $"{bytes.Length} bytes to be taken",
        async token =>
        {
            for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty;)
            {
                rest = rest[await _socket.SendAsync(rest, token)..];
            }
        });

    /// <summary>Sends nothing more.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <returns>The line as Latin-1, without its CR LF.</returns>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            int length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n');
            line.Append(Encoding.Latin1.GetString(_buffer, _start, length < 0 ? _end - _start : length));
            _start = length < 0 ? _end : _start + length + 1;
            if (length >= 0)
            {
                return line.ToString().TrimEnd('\r');
            }

            if (!await FillAsync($"the end of the line '{line}'"))
            {
                throw new EndOfStreamException($"The server closed behind '{line}'.");
            }
        }
    }

    /// <summary>Reads until the server closes.</summary>
    /// <returns>What came before, as Latin-1.</returns>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        do
        {
            text.Append(Encoding.Latin1.GetString(_buffer, _start, _end - _start));
            _start = _end;
        }
        while (await FillAsync($"the server to close behind '{text}'"));
        return text.ToString();
    }

    /// <summary>Sends one line and reads one line.</summary>
    public async Task<string> CommandAsync(string line)
    {
        await SendAsync($"{line}\r\n");
        return await ReadLineAsync();
    }

    /// <param name="command">The line up to the length: "set key 0 0".</param>
    /// <param name="value">The data block.</param>
    /// <param name="suffix">The line behind the length: " noreply".</param>
    public async Task SendValueAsync(string command, ReadOnlyMemory<byte> value, string suffix = "")
    {
        await SendAsync($"{command} {value.Length}{suffix}\r\n");
        await SendAsync(value);
        await SendAsync("\r\n");
    }

    /// <returns>The reply line: "STORED".</returns>
    public async Task<string> StoreAsync(string command, ReadOnlyMemory<byte> value, string suffix = "")
    {
        await SendValueAsync(command, value, suffix);
        return await ReadLineAsync();
    }

    /// <returns>The value; <see langword="null"/> on a miss.</returns>
    public async Task<byte[]?> GetAsync(string key)
    {
        await SendAsync($"get {key}\r\n");
        return await ReadValueAsync();
    }

    /// <summary>Reads the reply to a get or gets of one key.</summary>
    /// <returns>The value; <see langword="null"/> on a miss.</returns>
    public async Task<byte[]?> ReadValueAsync()
    {
        string header = await ReadLineAsync();
        if (header == "END")
        {
            return null;
        }

        string[] parts = header.Split(' ');
        if (parts is not ["VALUE", _, _, _, ..])
        {
            throw new InvalidDataException(header);
        }

        byte[] value = new byte[int.Parse(parts[3], CultureInfo.InvariantCulture)];
        await ReadExactlyAsync(value);
        string end = $"{await ReadLineAsync()}|{await ReadLineAsync()}";
        return end == "|END" ? value : throw new InvalidDataException($"'{header}' ends with '{end}'.");
    }

    /// <summary>Fills the destination.</summary>
    public async Task ReadExactlyAsync(Memory<byte> destination)
    {
        int held = Math.Min(_end - _start, destination.Length);
        _buffer.AsMemory(_start, held).CopyTo(destination);
        _start += held;
        await LimitAsync($"a value of {destination.Length} bytes", async token =>
        {
            for (int read = held; read < destination.Length;)
            {
                int length = await _socket.ReceiveAsync(destination[read..], token);
                read += length > 0
                    ? length
                    : throw new EndOfStreamException($"Closed {read} bytes into a value of {destination.Length}.");
            }
        });
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(string awaited)
    {
        _buffer = _buffer.Length == 0 ? new byte[BufferBytes] : _buffer;
        _start = 0;
        _end = 0;
        try
        {
            await LimitAsync(awaited, async token => _end = await _socket.ReceiveAsync(_buffer, token));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false; // closed with bytes of ours unread
        }

        return _end > 0;
    }

    private async Task LimitAsync(string awaited, Func<CancellationToken, Task> act)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            await act(timeout.Token);
        }
        catch (OperationCanceledException error)
        {
            throw new TimeoutException(
                $"Waited {Deadline} for {awaited}; {_socket.Available} bytes have come and are not read.", error);
        }
    }
}
