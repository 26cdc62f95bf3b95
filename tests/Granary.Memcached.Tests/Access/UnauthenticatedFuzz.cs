using System.Text;
using CsCheck;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Store.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Access;

/// <summary>Whatever a client sends that does not authenticate: it reads nothing and changes nothing.</summary>
public sealed class UnauthenticatedFuzz : IDisposable
{
    private const string Preset = "set key 7 0 11\r\nhidden-data\r\n";

    private static readonly string[] Commands =
    [
        "get key\r\n", "gets key k2\r\n", "gat 0 key\r\n", "set key 0 0 3\r\nabc\r\n", "set key 0 0 3 noreply\r\nabc\r\n",
        "add k2 0 0 3\r\nabc\r\n", "replace key 0 0 1\r\na\r\n", "append key 0 0 1\r\na\r\n", "cas key 0 0 1 1\r\na\r\n",
        "incr key 1\r\n", "decr key 1\r\n", "touch key 1\r\n", "delete key\r\n", "delete key noreply\r\n", "flush_all\r\n",
        "flush_all noreply\r\n", "stats\r\n", "stats settings\r\n", "version\r\n", "verbosity 1\r\n", "quit\r\n", "mn\r\n",
        "mg key v\r\n", "ms key 3\r\nabc\r\n", "md key\r\n", "\r\n", "\n", "set key 0 0 13\r\nuser passwore\r\n",
        "set key 0 0 7\r\nuser x\r\n\r\n", "set key 0 0 2000\r\n", "set key 0 0 20\r\n", "set key 0 0 ", "user password\r\n",
    ];

    private static readonly Gen<byte[]> Pieces = Gen.OneOf(
        Gen.OneOfConst(Commands).Select(Encoding.Latin1.GetBytes),
        Gen.OneOfConst(Commands).Select(Encoding.Latin1.GetBytes),
        Gen.Byte.Array[0, 60]);

    private readonly TestCache _cache = new();
    private readonly TemporaryUserFile _file = new("user:correct-horse-battery-staple\n");
    private readonly GatewayState _gateway;

    public UnauthenticatedFuzz()
    {
        var time = new FakeTimeProvider();
        _gateway = new GatewayState(_cache.Local, new GatewayOptions(), time)
        {
            Users = new UserFile(_file.Path, time, NullLogger.Instance),
        };
        _gateway.Users.Load();
    }

    public void Dispose()
    {
        _file.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void Bytes_ThatDoNotAuthenticate_ReadAndChangeNothing()
    {
        using var owner = new Conversation(new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider()));
        owner.Send(Preset);
        string before = owner.Send("gets key k2\r\n");
        StoreStatistics statistics = _cache.Local.Store.GetStatistics();

        Pieces.Array[0, 30].Sample(Run, iter: 5000, threads: 1);

        Assert.Equal(statistics, _cache.Local.Store.GetStatistics());
        Assert.Equal(before, owner.Send("gets key k2\r\n"));
    }

    private void Run(byte[][] pieces)
    {
        using var client = new Conversation(_gateway);
        client.Send("\n"); // whatever follows, it is text
        foreach (byte[] piece in pieces)
        {
            string answers = client.Send(piece);

            Assert.All(
                answers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries),
                line => Assert.StartsWith("CLIENT_ERROR ", line, StringComparison.Ordinal));
            if (client.IsClosed)
            {
                return;
            }
        }

        Assert.Equal(client.Counters.AuthCommands, client.Counters.AuthErrors);
        Assert.InRange(client.HeldBytes, 0, 2048);
    }
}
