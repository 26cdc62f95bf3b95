using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Tests.Shared.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Binary;

/// <summary>memcached itself answers generated binary requests as Granary does, and wrong ones.</summary>
public sealed class BinaryDifferentialTests
{
    private const int Sequences = 2000;
    private const int RequestsPerSequence = 12;

    // What is asked for behind each request; no other request has this opaque.
    private const uint EndOpaque = 0xFFFF_FFFF;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sequences_OfRequests_AreAnsweredAlikeAsync(int seed)
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        using Socket socket = await ConnectAsync(memcached);
        using var cache = new TestCache(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var granary = new Conversation(new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider()));
        for (int number = 0; number < Sequences; number++)
        {
            string[] keys = [$"a{number}", $"b {number}\r\n"];
            Compare(
                (seed * Sequences) + number,
                keys,
                request => Ask(socket, request),
                request => BinaryReply.ReadAll(granary.Send(request)));
        }
    }

    [Fact]
    public async Task WrongRequests_AreAnsweredAlikeAndCloseAlikeAsync()
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        using var cache = new TestCache();
        var gateway = new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider());
        var random = new Random(1);
        foreach (BinaryOpcode opcode in Enum.GetValues<BinaryOpcode>().Where(IsComparable))
        {
            for (int round = 0; round < 12; round++)
            {
                int key = random.Next(4);
                int extras = new[] { 0, 4, 8, 20 }[random.Next(4)];
                int value = random.Next(3);
                byte[] body = new byte[extras + key + value];
                body.AsSpan().Fill((byte)'1');
                byte[] request = [.. Binary.Ask.Header(opcode, key, extras, body.Length), .. body];
                using var granary = new Conversation(gateway);
                string answer = SaslCases.Describe(BinaryReply.ReadAll(granary.Send(request)), granary.IsClosed);
                if (!granary.IsClosed)
                {
                    continue; // a right request, or one that is told of behind stat, touch and gat: see BinaryParser
                }

                string expected = await AskOnceAsync(memcached, request);

                Assert.Equal((opcode, key, extras, value, expected), (opcode, key, extras, value, answer));
            }
        }
    }

    // Stat, touch and gat with a value are read as two requests by memcached.
    private static bool IsComparable(BinaryOpcode opcode) => opcode is not (BinaryOpcode.Stat or BinaryOpcode.Touch
        or BinaryOpcode.GetAndTouch or BinaryOpcode.GetAndTouchQuiet or BinaryOpcode.GetKeyAndTouch
        or BinaryOpcode.GetKeyAndTouchQuiet or BinaryOpcode.Quit or BinaryOpcode.QuitQuiet or BinaryOpcode.Flush
        or BinaryOpcode.FlushQuiet);

    private static void Compare(
        int seed, string[] keys, Func<byte[], List<BinaryReply>> memcached, Func<byte[], List<BinaryReply>> granary)
    {
        // Two generators of one seed: what they make differs by the servers' cas numbers alone.
        var theirs = new RequestGenerator(new Random(seed));
        var ours = new RequestGenerator(new Random(seed));
        var theirNames = new Dictionary<ulong, int>();
        var ourNames = new Dictionary<ulong, int>();
        var history = new StringBuilder();
        for (int number = 0; number < RequestsPerSequence; number++)
        {
            byte[] request = theirs.Next(keys, key => CasOf(memcached, key));
            string expected = Describe(memcached(request), theirNames);
            string answer = Describe(granary(ours.Next(keys, key => CasOf(granary, key))), ourNames);
            history.Append(CultureInfo.InvariantCulture, $"\n{Convert.ToHexString(request)} -> {expected}");
            if (expected != answer && answer.Contains("NotNumeric", StringComparison.Ordinal) && HasBlankInside(keys, granary))
            {
                return; // from here on they have different values
            }

            Assert.True(expected == answer, $"Seed {seed}, after{history}\nGranary says {answer}");
        }
    }

    // A number that was padded with blanks and appended to: memcached counts what is before the blank and drops the rest.
    private static bool HasBlankInside(string[] keys, Func<byte[], List<BinaryReply>> granary) =>
        keys.Any(key => granary(Binary.Ask.Get(key))[0] is { Status: BinaryStatus.Success } reply
            && reply.Value.Trim().Contains(' ', StringComparison.Ordinal));

    private static ulong CasOf(Func<byte[], List<BinaryReply>> server, string key) => server(Binary.Ask.Get(key))[0].Cas;

    // Each server has cas numbers of its own: they are counted as they appear, so that equal ones must be equal in both.
    private static string Describe(List<BinaryReply> replies, Dictionary<ulong, int> casNames) => string.Join('|', replies.Select(reply =>
    {
        if (reply.Cas != 0)
        {
            casNames.TryAdd(reply.Cas, casNames.Count);
        }

        string cas = reply.Cas == 0 ? "" : $" #{casNames[reply.Cas]}";
        return $"{reply} {reply.Opaque}{cas}";
    }));

    private static async Task<Socket> ConnectAsync(MemcachedProcess memcached)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        await socket.ConnectAsync(IPAddress.Loopback, memcached.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    private static List<BinaryReply> Ask(Socket socket, byte[] request)
    {
        socket.Send((byte[])[.. request, .. Binary.Ask.NoOp(EndOpaque)]);
        byte[] buffer = new byte[4096];
        int received = 0;
        while (!BinaryReply.EndsWithNoOp(buffer.AsSpan(0, received), EndOpaque))
        {
            int count = socket.Receive(buffer, received, buffer.Length - received, SocketFlags.None);
            Assert.True(count > 0, $"memcached has closed the connection after {Convert.ToHexString(request)}");
            received += count;
        }

        return BinaryReply.ReadAll(Encoding.Latin1.GetString(buffer, 0, received - BinaryHeader.Length));
    }

    private static async Task<string> AskOnceAsync(MemcachedProcess memcached, byte[] request)
    {
        using Socket socket = await ConnectAsync(memcached);
        socket.Send((byte[])[.. request, .. Binary.Ask.NoOp(EndOpaque)]);
        await using var client = new TestClient(new NetworkStream(socket));
        return SaslCases.Describe(BinaryReply.ReadAll(await client.ReceiveAllAsync()), isClosed: true);
    }
}
