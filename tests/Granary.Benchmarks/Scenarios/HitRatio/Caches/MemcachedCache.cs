using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>
/// memcached itself, by its meta commands: a read does not bring the value, which nobody looks at. One connection, one
/// request at a time.
/// </summary>
internal sealed class MemcachedCache : IReplayedCache
{
    private readonly RunningPeer _server;
    private readonly NetworkStream _connection;
    private readonly StreamReader _replies;
    private readonly byte[] _value;
    private long _hits;
    private long _requests;

    private MemcachedCache(RunningPeer server, NetworkStream connection, int maxValueBytes)
    {
        _server = server;
        _connection = connection;
        _replies = new StreamReader(connection, Encoding.ASCII);
        _value = new byte[maxValueBytes];
    }

    public double HitPercent => 100.0 * _hits / _requests;

    /// <param name="server">Disposed of with the cache.</param>
    /// <param name="replay">What it will be asked for.</param>
    /// <param name="cancellationToken">Ends the wait for the connection.</param>
    public static async Task<MemcachedCache> ConnectAsync(
        RunningPeer server, ReplayCase replay, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.EndPoint, cancellationToken);
            return new MemcachedCache(server, new NetworkStream(socket, ownsSocket: true), replay.MaxValueBytes);
        }
        catch
        {
            socket.Dispose();
            await server.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="LoadException">memcached said something else than hit, miss, stored or no room.</exception>
    public void Request(in TraceRequest request)
    {
        _requests++;
        string key = request.Key.ToString("D8", CultureInfo.InvariantCulture);
        Send($"mg {key}\r\n"); // mg <key> <flags>*\r\n: HD or EN
        string reply = ReadReply();
        if (reply == "HD")
        {
            _hits++;
        }
        else if (reply != "EN")
        {
            throw new LoadException($"memcached answered mg with '{reply}'.");
        }
        else if (request.LengthBytes <= _value.Length)
        {
            Store(key, request.LengthBytes);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _replies.Dispose();
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    // ms <key> <datalen> <flags>*\r\n<data>\r\n: HD. Too large for it, or no memory for its slab class: a miss each time.
    private void Store(string key, int length)
    {
        Send(string.Create(CultureInfo.InvariantCulture, $"ms {key} {length}\r\n"));
        _connection.Write(_value, 0, length);
        Send("\r\n");
        string reply = ReadReply();
        if (reply != "HD" && !reply.StartsWith("SERVER_ERROR", StringComparison.Ordinal))
        {
            throw new LoadException($"memcached answered ms with '{reply}'.");
        }
    }

    private void Send(string text) => _connection.Write(Encoding.ASCII.GetBytes(text));

    private string ReadReply() =>
        _replies.ReadLine() ?? throw new LoadException("memcached has closed the connection.");
}
