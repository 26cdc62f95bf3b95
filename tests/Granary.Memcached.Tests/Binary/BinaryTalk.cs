using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Binary;

/// <summary>A binary client of one silo, and a text one beside it.</summary>
internal sealed class BinaryTalk : IDisposable
{
    private readonly TestCache _cache = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly GatewayState _gateway;
    private readonly Conversation _text;

    public BinaryTalk()
    {
        _gateway = new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider());
        Client = new Conversation(_gateway);
        _text = new Conversation(_gateway);
    }

    public Conversation Client { get; }

    /// <summary>Sends, and is answered so: each reply as <see cref="BinaryReply.ToString"/> says it.</summary>
    public void Says(byte[] request, params string[] replies) =>
        Assert.Equal(replies, BinaryReply.Describe(Client.Send(request)));

    /// <summary>Sends.</summary>
    public List<BinaryReply> Send(byte[] request) => BinaryReply.ReadAll(Client.Send(request));

    /// <summary>The cas of an entry.</summary>
    public ulong CasOf(string key) => Assert.Single(Send(Ask.Get(key))).Cas;

    /// <summary>What a text client is answered. Line ends are written as a bar, in both.</summary>
    public string Text(string request) => _text.Send(request.Replace("|", "\r\n", StringComparison.Ordinal))
        .Replace("\r\n", "|", StringComparison.Ordinal);

    /// <summary>Time passes.</summary>
    public void Wait(int seconds) => _cache.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        Client.Dispose();
        _text.Dispose();
        _cache.Dispose();
    }
}
