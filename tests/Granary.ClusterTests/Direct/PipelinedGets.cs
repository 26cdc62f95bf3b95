using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.ClusterTests.Direct;

/// <summary>Gets one value again and again over a socket, many at once, and allocates nothing while it does.</summary>
internal sealed class PipelinedGets : IDisposable
{
    public const int Depth = 500;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _request;
    private readonly byte[] _expected;
    private readonly byte[] _received;

    private PipelinedGets(string key, string value)
    {
        string reply = $"VALUE {key} 0 {value.Length}\r\n{value}\r\nEND\r\n";
        _request = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"get {key}\r\n", Depth)));
        _expected = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(reply, Depth)));
        _received = new byte[_expected.Length];
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = 20_000;
    }

    /// <summary>Connects, and stores the value under the key.</summary>
    public static PipelinedGets Open(int port, string key, string value)
    {
        var gets = new PipelinedGets(key, value);
        gets._socket.Connect(IPAddress.Loopback, port);
        gets._socket.Send(Encoding.ASCII.GetBytes($"set {key} 0 0 {value.Length}\r\n{value}\r\n"));
        gets.Receive("STORED\r\n".Length);
        Assert.Equal("STORED\r\n", Encoding.ASCII.GetString(gets._received, 0, "STORED\r\n".Length));
        return gets;
    }

    /// <summary>Gets the value <see cref="Depth"/> times, as often as told, and compares every reply.</summary>
    public void Run(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int sent = 0; sent < _request.Length;)
            {
                sent += _socket.Send(_request.AsSpan(sent), SocketFlags.None);
            }

            Receive(_expected.Length);
            Assert.True(_received.AsSpan().SequenceEqual(_expected), "A reply is not the value.");
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Receive(int lengthBytes)
    {
        for (int received = 0; received < lengthBytes;)
        {
            int count = _socket.Receive(_received.AsSpan(received, lengthBytes - received), SocketFlags.None);
            Assert.True(count > 0, "The server closed the connection.");
            received += count;
        }
    }
}
