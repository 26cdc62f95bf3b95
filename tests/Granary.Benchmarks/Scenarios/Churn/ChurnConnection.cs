using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Benchmarks.Load;

namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>Gets and sets of checked values, one at a time. One thread.</summary>
internal sealed class ChurnConnection : IDisposable
{
    private const int LongestLine = 128;

    private readonly Socket _socket;
    private readonly ChurnValues _values;
    private readonly byte[] _request;
    private readonly byte[] _reply;

    public ChurnConnection(IPEndPoint server, ChurnValues values)
    {
        _values = values;
        _request = new byte[values.MaxBytes + LongestLine];
        _reply = new byte[values.MaxBytes + (2 * LongestLine)];
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server);
    }

    /// <param name="key">Its number.</param>
    /// <param name="length">Of the value. Bytes.</param>
    /// <param name="seconds">Until it expires; 0 for never.</param>
    /// <exception cref="LoadException">It was not stored.</exception>
    public void Set(long key, int length, int seconds)
    {
        int size = Write("set key:", key, 0);
        size = Write(" 0 ", seconds, size);
        size = Write(" ", length, size);
        size = Write("\r\n", size);
        _values.Of(key, length).CopyTo(_request.AsSpan(size));
        Send(Write("\r\n", size + length));
        int received = Receive(0);
        while (received < "STORED\r\n".Length)
        {
            received += Receive(received);
        }

        if (!_reply.AsSpan(0, received).SequenceEqual("STORED\r\n"u8))
        {
            throw Wrong("set", key, received);
        }
    }

    /// <returns>Whether it is there.</returns>
    /// <exception cref="LoadException">It has not the bytes that it must have.</exception>
    public bool Get(long key)
    {
        Send(Write("\r\n", Write("get key:", key, 0)));
        int received = 0;
        while (!_reply.AsSpan(0, received).EndsWith("END\r\n"u8) || !IsWhole(received))
        {
            received += Receive(received);
        }

        if (_reply.AsSpan(0, received).SequenceEqual("END\r\n"u8))
        {
            return false;
        }

        (int start, int length) = ValueOf(received);
        return _reply.AsSpan(start, length).SequenceEqual(_values.Of(key, length)) ? true : throw Wrong("get", key, received);
    }

    public void Dispose() => _socket.Dispose();

    // A value may end in the same bytes as an answer.
    private bool IsWhole(int received)
    {
        (int start, int length) = ValueOf(received);
        return length < 0 || received >= start + length + "\r\nEND\r\n".Length;
    }

    // VALUE key:<number> 0 <length>\r\n
    private (int Start, int Length) ValueOf(int received)
    {
        ReadOnlySpan<byte> reply = _reply.AsSpan(0, received);
        int end = reply.IndexOf("\r\n"u8);
        int space = end < 0 ? -1 : reply[..end].LastIndexOf((byte)' ');
        return space >= 0 && Utf8Parser.TryParse(reply[(space + 1)..end], out int length, out _) ? (end + 2, length) : (0, -1);
    }

    private int Write(string text, long number, int offset)
    {
        offset = Write(text, offset);
        bool written = Utf8Formatter.TryFormat(number, _request.AsSpan(offset), out int length);
        return written ? offset + length : throw new LoadException($"{number} does not fit in the request.");
    }

    private int Write(string text, int offset) => offset + Encoding.ASCII.GetBytes(text, _request.AsSpan(offset));

    private void Send(int length)
    {
        for (int sent = 0; sent < length;)
        {
            sent += _socket.Send(_request.AsSpan(sent, length - sent));
        }
    }

    private int Receive(int offset)
    {
        int received = offset < _reply.Length ? _socket.Receive(_reply.AsSpan(offset)) : 0;
        return received > 0 ? received : throw new LoadException("An answer is too long, or the server closed a connection.");
    }

    private LoadException Wrong(string command, long key, int received) => new(
        $"{command} of key:{key} was answered with {received} bytes that begin "
        + $"\"{Encoding.Latin1.GetString(_reply, 0, Math.Min(received, 60)).ReplaceLineEndings("\\r\\n")}\".");
}
