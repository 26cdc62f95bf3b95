using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;

/// <summary>A pipelining client: beanstalkd answers a connection's commands in their order.</summary>
/// <remarks>Safe. What several callers have waiting goes out in one write.</remarks>
internal sealed class BeanstalkdConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly Pipe _outgoing = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly ConcurrentQueue<TaskCompletionSource<BeanstalkdReply>> _waiting = new();
    private readonly Lock _writing = new();
    private readonly Task _sending;
    private readonly Task _receiving;

    private BeanstalkdConnection(TcpClient client)
    {
        _client = client;
        NetworkStream stream = client.GetStream();
        _sending = _outgoing.Reader.CopyToAsync(stream);
        _receiving = ReceiveAsync(PipeReader.Create(stream));
    }

    public static async Task<BeanstalkdConnection> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(endPoint, cancellationToken);
        return new BeanstalkdConnection(client);
    }

    public Task<BeanstalkdReply> RequestAsync(string line) => RequestAsync(line, body: null);

    /// <param name="line">With its \r\n.</param>
    /// <param name="body">Sent after the line, with another \r\n.</param>
    public Task<BeanstalkdReply> RequestAsync(string line, byte[]? body)
    {
        var answer = new TaskCompletionSource<BeanstalkdReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_writing)
        {
            _waiting.Enqueue(answer);
            PipeWriter writer = _outgoing.Writer;
            Encoding.ASCII.GetBytes(line, writer);
            if (body is not null)
            {
                writer.Write(body);
                writer.Write("\r\n"u8);
            }

            _ = writer.FlushAsync().AsTask(); // never waits: the pipe has no bound but the callers' window
        }

        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _outgoing.Writer.CompleteAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReceiveAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (TryRead(ref buffer, out BeanstalkdReply reply))
            {
                if (_waiting.TryDequeue(out TaskCompletionSource<BeanstalkdReply>? answer))
                {
                    answer.SetResult(reply);
                }
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        while (_waiting.TryDequeue(out TaskCompletionSource<BeanstalkdReply>? answer))
        {
            answer.SetException(new IOException("beanstalkd closed the connection."));
        }
    }

    private static bool TryRead(ref ReadOnlySequence<byte> buffer, out BeanstalkdReply reply)
    {
        reply = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            return false;
        }

        string[] words = Encoding.ASCII.GetString(line).Split(' ');
        int length = BeanstalkdReply.DataLength(words);
        byte[] data = [];
        if (length >= 0)
        {
            if (reader.Remaining < length + 2)
            {
                return false;
            }

            data = reader.UnreadSequence.Slice(0, length).ToArray();
            reader.Advance(length + 2);
        }

        reply = new BeanstalkdReply(words, data);
        buffer = buffer.Slice(reader.Position);
        return true;
    }
}
