using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Granary.Benchmarks.Load;

/// <summary>
/// One connection in a closed loop: a batch of requests goes out once the one before is answered completely.
/// </summary>
/// <remarks>
/// One thread. The buffer holds the answers of one batch: nothing is moved, and it is empty again at the next batch.
/// </remarks>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly LoadTarget _target;
    private readonly int _endPoint;
    private readonly RequestStream _stream;
    private readonly int _pipeline;
    private readonly byte[] _replies;

    private int _batchStart; // first operation of the batch in flight
    private int _batchEnd;   // operation after its last
    private int _next;       // operation whose answer is next
    private int _sentBytes;  // of the batch's requests
    private int _receivedBytes;
    private int _checkedBytes;

    /// <param name="target">What is loaded.</param>
    /// <param name="endPoint">Which of its end points this connection goes to.</param>
    /// <param name="stream">The requests.</param>
    /// <param name="pipeline">Requests in a batch.</param>
    /// <param name="firstOperation">Where in the stream it begins.</param>
    public LoadConnection(LoadTarget target, int endPoint, RequestStream stream, int pipeline, int firstOperation)
    {
        _target = target;
        _endPoint = endPoint;
        _stream = stream;
        _pipeline = pipeline;
        _batchEnd = _next = firstOperation;
        _replies = new byte[(stream.MaxReplyLengthBytes * pipeline) + 1]; // one more, so that an answer too many shows
        IPEndPoint server = target.EndPoints[endPoint];
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server);
        _socket.Blocking = false;
        Descriptor = (int)_socket.Handle;
    }

    public int Descriptor { get; }

    /// <summary>When the batch in flight began to be sent or was due, in <see cref="Stopwatch"/> ticks.</summary>
    public long SentAt { get; private set; }

    public bool IsAnswered => _next == _batchEnd;

    /// <summary>
    /// Whether the socket would not take the whole batch: call <see cref="Send"/> when it is writable.
    /// </summary>
    public bool HasUnsent { get; private set; }

    /// <param name="at">From when on its answers are waited for, in <see cref="Stopwatch"/> ticks.</param>
    public void StartBatch(long at)
    {
        if (_checkedBytes != _receivedBytes)
        {
            int excess = _receivedBytes - _checkedBytes;
            throw new LoadException($"{excess} bytes more than the answers to a batch arrived.");
        }

        _batchStart = _next = _batchEnd + _pipeline <= _stream.Count ? _batchEnd : 0;
        _batchEnd = _batchStart + _pipeline;
        _sentBytes = _receivedBytes = _checkedBytes = 0;
        SentAt = at;
        Send();
    }

    /// <summary>Sends what the socket takes of the rest of the batch.</summary>
    public void Send()
    {
        ReadOnlySpan<byte> unsent = _stream.Requests(_batchStart, _batchEnd)[_sentBytes..];
        while (!unsent.IsEmpty)
        {
            nint sent = Libc.Send(Descriptor, in MemoryMarshal.GetReference(unsent), unsent.Length, Libc.MSG_NOSIGNAL);
            if (sent < 0)
            {
                ThrowUnlessTryAgain("send");
                break;
            }

            _sentBytes += (int)sent;
            unsent = unsent[(int)sent..];
        }

        HasUnsent = !unsent.IsEmpty;
    }

    /// <summary>Reads once and checks the answers that are complete; returns how many.</summary>
    public ReplyCount Receive()
    {
        nint received = Libc.Receive(Descriptor, ref _replies[_receivedBytes], _replies.Length - _receivedBytes, 0);
        if (received <= 0)
        {
            if (received == 0)
            {
                throw new LoadException("The server closed a connection.");
            }

            ThrowUnlessTryAgain("receive");
            return default;
        }

        _receivedBytes += (int)received;
        int first = _next;
        int forwarded = 0;
        while (_next < _batchEnd)
        {
            int length = _stream.CheckReply(_next, _replies.AsSpan(_checkedBytes, _receivedBytes - _checkedBytes));
            if (length == 0)
            {
                break;
            }

            _checkedBytes += length;
            forwarded += _target.IsForwarded(_next, _endPoint) ? 1 : 0;
            _next++;
        }

        return new ReplyCount(_next - first - forwarded, forwarded);
    }

    public void Dispose() => _socket.Dispose();

    private static void ThrowUnlessTryAgain(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is not (Libc.EAGAIN or Libc.EINTR))
        {
            throw new LoadException($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }
}
