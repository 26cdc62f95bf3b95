using CsCheck;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Access;
using Granary.Memcached.Tests.Doubles;
using Granary.Store.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Binary;

/// <summary>
/// Feeds sessions damaged requests and noise behind a first request: they must not throw, nor hold more than a request, nor
/// answer with anything but replies; and whoever does not authenticate reads nothing and changes nothing.
/// </summary>
public sealed class BinaryFuzz : IDisposable
{
    // Header, extras, the longest key, and a value that is not taken in parts.
    private const int MaxHeldBytes = 24 + 20 + 250 + (64 << 10);

    private static readonly string[] Keys = ["a", "b", "c"];

    private static readonly Gen<byte[]> Requests =
        Gen.Int[0, int.MaxValue - 1].Select(seed => new RequestGenerator(new Random(seed)).Next(Keys, static _ => 1));

    // A header of any lengths, small ones mostly.
    private static readonly Gen<byte[]> Headers = Gen.Select(
        Gen.Byte, Gen.OneOf(Gen.Int[0, 10], Gen.Int[0, 65535]), Gen.OneOf(Gen.OneOfConst(0, 4, 8, 20), Gen.Int[0, 255]),
        Gen.OneOf(Gen.Long[0, 40], Gen.Long[0, 70_000], Gen.Long[0, uint.MaxValue]),
        static (opcode, key, extras, body) => Ask.Header((BinaryOpcode)opcode, key, extras, body));

    private static readonly Gen<byte[]> Sasl = Gen.OneOfConst(
        Ask.For(BinaryOpcode.SaslMechanisms),
        Ask.For(BinaryOpcode.Version),
        Ask.Plain("user", "passwore"),
        Ask.Plain("user", ""),
        Ask.Plain("", "password"),
        Ask.Plain("user password", ""),
        Ask.Plain("user", "password", actor: "ann"),
        Ask.Plain("user", "password", mechanism: "LOGIN"),
        Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN"),
        Ask.For(BinaryOpcode.SaslStep, "PLAIN", "\0user\0passwore"),
        Ask.For(BinaryOpcode.SaslStep, "PLAIN", "user password"));

    private static readonly Gen<byte[][]> Streams =
        Gen.OneOf(Requests, Requests, Requests, Headers, Gen.Byte.Array[0, 60]).Array[1, 12];

    private static readonly Gen<byte[][]> StrangerStreams =
        Gen.OneOf(Sasl, Sasl, Requests, Headers, Gen.Byte.Array[0, 60]).Array[1, 12];

    private readonly TestCache _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void Bytes_Damaged_AreAnsweredWithRepliesAndHoldLittle()
    {
        var gateway = new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider());
        Streams.Sample(pieces => Run(gateway, WithoutFlush(pieces)), iter: 10_000, threads: 1);
    }

    [Fact]
    public void Bytes_ThatDoNotAuthenticate_ReadAndChangeNothing()
    {
        using var owner = new Conversation(new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider()));
        owner.Send((byte[])[.. Ask.Set("a", "hidden-data"), .. Ask.Set("b", "5")]);
        string before = owner.Send((byte[])[.. Ask.Get("a"), .. Ask.Get("b"), .. Ask.Get("c")]);
        StoreStatistics statistics = _cache.Local.Store.GetStatistics();
        using var file = new TemporaryUserFile(AuthenticationCases.UserFile);
        var gateway = new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider())
        {
            Users = new UserFile(file.Path, new FakeTimeProvider(), NullLogger.Instance),
        };
        gateway.Users.Load();

        StrangerStreams.Sample(pieces => RunStranger(gateway, pieces), iter: 10_000, threads: 1);

        Assert.Equal(statistics, _cache.Local.Store.GetStatistics());
        Assert.Equal(before, owner.Send((byte[])[.. Ask.Get("a"), .. Ask.Get("b"), .. Ask.Get("c")]));
    }

    private static void Run(GatewayState gateway, byte[][] pieces)
    {
        using var client = new Conversation(gateway);
        BinaryReply.ReadAll(client.Send(Ask.NoOp()));
        foreach (byte[] piece in pieces.TakeWhile(_ => !client.IsClosed))
        {
            BinaryReply.ReadAll(client.Send(piece));
            Assert.InRange(client.HeldBytes, 0, MaxHeldBytes);
        }
    }

    private static void RunStranger(GatewayState gateway, byte[][] pieces)
    {
        using var client = new Conversation(gateway);
        List<BinaryReply> replies = BinaryReply.ReadAll(client.Send(Ask.For(BinaryOpcode.Version)));
        foreach (byte[] piece in pieces.TakeWhile(_ => !client.IsClosed))
        {
            replies.AddRange(BinaryReply.ReadAll(client.Send(piece)));
            Assert.InRange(client.HeldBytes, 0, BinaryHeader.Length + 20 + 250 + 1024);
        }

        Assert.DoesNotContain(replies, reply => reply.Value == "Authenticated" || reply.Value.Contains("hidden", StringComparison.Ordinal));
        Assert.Equal(client.Counters.AuthCommands, client.Counters.AuthErrors);
    }

    // There is no cluster that could be flushed.
    private static byte[][] WithoutFlush(byte[][] pieces)
    {
        byte[] all = [.. pieces.SelectMany(static piece => piece)];
        for (int index = 1; index < all.Length; index++)
        {
            bool isFlush = (BinaryOpcode)all[index] is BinaryOpcode.Flush or BinaryOpcode.FlushQuiet;
            all[index] = isFlush && all[index - 1] == BinaryHeader.RequestMagic ? (byte)BinaryOpcode.NoOp : all[index];
        }

        int offset = 0;
        return [.. pieces.Select(piece => all[offset..(offset += piece.Length)])];
    }
}
