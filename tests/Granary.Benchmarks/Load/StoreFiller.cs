using System.Net;
using System.Net.Sockets;

namespace Granary.Benchmarks.Load;

/// <summary>Stores every key once, from some first one on, over one connection.</summary>
internal static class StoreFiller
{
    private const int KeysPerBatch = 64;
    private static readonly TimeSpan BatchTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="FillAsync(IPEndPoint, WireProtocol, KeySpace, int, CancellationToken)"/>
    public static Task FillAsync(
        IPEndPoint server, WireProtocol protocol, KeySpace keys, CancellationToken cancellationToken) =>
        FillAsync(server, protocol, keys, firstKey: 0, cancellationToken);

    /// <exception cref="LoadException">A set was not stored.</exception>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public static async Task FillAsync(
        IPEndPoint server, WireProtocol protocol, KeySpace keys, int firstKey, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var connection = new NetworkStream(socket);

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        byte[] requests = new byte[protocol.SetLength(keys) * KeysPerBatch];
        byte[] replies = new byte[protocol.Stored.Length * KeysPerBatch];
        for (int first = firstKey; first < keys.Count; first += KeysPerBatch)
        {
            int count = Math.Min(KeysPerBatch, keys.Count - first);
            int length = 0;
            for (int i = 0; i < count; i++)
            {
                length += protocol.WriteSet(keys, first + i, requests.AsSpan(length));
            }

            timeout.CancelAfter(BatchTimeout);
            Memory<byte> answers = replies.AsMemory(0, count * protocol.Stored.Length);
            try
            {
                await connection.WriteAsync(requests.AsMemory(0, length), timeout.Token);
                await connection.ReadExactlyAsync(answers, timeout.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new LoadException($"{count} sets of the fill were unanswered after {BatchTimeout.Seconds} s.");
            }

            CheckStored(answers.Span, protocol);
        }
    }

    private static void CheckStored(ReadOnlySpan<byte> replies, WireProtocol protocol)
    {
        for (; !replies.IsEmpty; replies = replies[protocol.Stored.Length..])
        {
            if (!replies.StartsWith(protocol.Stored))
            {
                throw new LoadException("A set of the fill was not stored.");
            }
        }
    }
}
