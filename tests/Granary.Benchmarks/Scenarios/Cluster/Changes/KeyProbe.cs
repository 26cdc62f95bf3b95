using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Benchmarks.Load;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>A connection to a memcached port that asks for one key, and again after an error.</summary>
internal sealed class KeyProbe : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] Miss = "END\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly byte[] _request;
    private readonly byte[] _hit;
    private readonly byte[] _received;

    private KeyProbe(Socket socket, WireProtocol protocol, KeySpace keys, int number)
    {
        _socket = socket;
        _request = new byte[protocol.GetLength(keys)];
        protocol.WriteGet(keys, number, _request);
        byte[] key = new byte[keys.KeyLengthBytes];
        keys.WriteKey(number, key);
        _hit =
        [
            .. protocol.HitBeforeKey, .. key, .. protocol.HitAfterKey, .. keys.ValueAt(KeySpace.ValueStart(number)),
            .. protocol.HitEnd,
        ];
        _received = new byte[Math.Max(_hit.Length, 2048)]; // an error is a line
    }

    /// <param name="server">Is asked.</param>
    /// <param name="protocol">Of memcached.</param>
    /// <param name="keys">Have their first values, if any.</param>
    /// <param name="number">Of the key.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    public static async Task<KeyProbe> OpenAsync(
        IPEndPoint server, WireProtocol protocol, KeySpace keys, int number, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return new KeyProbe(socket, protocol, keys, number);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>Whether the value was there.</returns>
    /// <exception cref="LoadException">Nothing but errors for 60 s, or another value.</exception>
    public async Task<bool> AskUntilAnsweredAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            while (true)
            {
                await _socket.SendAsync(_request, timeout.Token);
                if (await ReceiveAsync(timeout.Token) is { } isHit)
                {
                    return isHit;
                }

                await Task.Delay(RetryInterval, timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadException($"A shard did not answer for {Timeout.TotalSeconds} s.");
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>Whether it was a hit; <see langword="null"/> for an error.</returns>
    private async Task<bool?> ReceiveAsync(CancellationToken cancellationToken)
    {
        int length = 0;
        while (true)
        {
            int received = await _socket.ReceiveAsync(_received.AsMemory(length), cancellationToken);
            if (received == 0)
            {
                throw new LoadException("The server closed a connection.");
            }

            length += received;
            ReadOnlySpan<byte> answer = _received.AsSpan(0, length);
            if (answer.SequenceEqual(_hit) || answer.SequenceEqual(Miss))
            {
                return answer[0] == _hit[0];
            }

            if (answer.StartsWith("SERVER_ERROR"u8) && answer.EndsWith("\r\n"u8))
            {
                return null;
            }

            if (length == _received.Length || (length >= _hit.Length && answer.StartsWith("VALUE"u8)))
            {
                string text = Encoding.Latin1.GetString(answer[..Math.Min(length, 60)]);
                throw new LoadException($"A get was answered with \"{text}\".");
            }
        }
    }
}
