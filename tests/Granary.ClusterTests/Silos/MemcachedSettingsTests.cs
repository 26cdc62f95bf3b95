using System.Net;
using Granary.Memcached.Server;
using Granary.Silo.Settings;
using Microsoft.Extensions.Configuration;

namespace Granary.ClusterTests.Silos;

/// <summary>What the silo's options say of its memcached port.</summary>
public sealed class MemcachedSettingsTests
{
    [Fact]
    public void Port_ByDefault_IsMemcachedsAtTheAddressOfTheSilo()
    {
        var options = new GatewayOptions();

        Read((SiloOptions.Bind.Key, "127.0.0.2")).Memcached.Apply(options);

        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 11211), new IPEndPoint(options.Address, options.Port));
        Assert.Equal((true, 0, null), (options.ListensOnTcp, options.MoreEndPoints.Count, options.UnixSocket));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, 0), (options.IdleTime, options.MaxConnectionAge, options.MaxRequestsPerTurn));
        Assert.Equal((true, false, ServedProtocols.Any), (options.AllowsFlush, options.WaitsAtMaxConnections, options.Protocols));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:5")]
    [InlineData("127.0.0.1:7", "127.0.0.1:7")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("127.0.0.1, ::1, [::1]:9", "127.0.0.1:5 [::1]:5 [::1]:9")]
    public void Addresses_OfThePortAlone_HaveItsNumberUnlessTheySayAnother(string addresses, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Read((SiloOptions.MemcachedPort.Key, "5"), (MemcachedOptions.Bind.Key, addresses)).Memcached.EndPoints));

    [Fact]
    public void Socket_MayBeTheOnlyWay()
    {
        SiloSettings settings = Read(
            (MemcachedOptions.Tcp.Key, "false"), (MemcachedOptions.Socket.Key, "/tmp/socket"), (MemcachedOptions.SocketMode.Key, "660"));

        settings.Validate();
        Assert.Empty(settings.Memcached.EndPoints);
        Assert.Equal("/tmp/socket", settings.Memcached.Socket);
        Assert.Equal((UnixFileMode)0x1B0, settings.Memcached.SocketMode); // 0660
    }

    [Fact]
    public void Port_WithoutAWay_IsRefused() => Assert.Contains(
        "--memcached-socket",
        Assert.Throws<SettingsException>(Read((MemcachedOptions.Tcp.Key, "false")).Validate).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("memcached-bind", "Granary:Memcached:Bind", "localhost")]
    [InlineData("memcached-bind", "Granary:Memcached:Bind", "127.0.0.1,")]
    [InlineData("memcached-tcp", "Granary:Memcached:Tcp", "yes")]
    [InlineData("memcached-socket-mode", "Granary:Memcached:SocketMode", "888")]
    [InlineData("memcached-socket-mode", "Granary:Memcached:SocketMode", "01000")]
    [InlineData("memcached-protocol", "Granary:Memcached:Protocol", "ascii")]
    [InlineData("memcached-flush", "Granary:Memcached:Flush", "no")]
    [InlineData("memcached-requests-per-turn", "Granary:Memcached:RequestsPerTurn", "-1")]
    [InlineData("memcached-idle-timeout", "Granary:Memcached:IdleSeconds", "31536001")]
    [InlineData("memcached-max-age", "Granary:Memcached:MaxAgeSeconds", "1h")]
    [InlineData("memcached-full", "Granary:Memcached:Full", "fast")]
    [InlineData("memcached-backlog", "Granary:Memcached:Backlog", "0")]
    public void Option_OfAValueThatItCannotHave_IsNamed(string option, string key, string value)
    {
        string message = Assert.Throws<SettingsException>(() => Read((key, value))).Message;

        Assert.StartsWith($"--{option} ({key}) is '{value}'; ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(107, true)]
    [InlineData(108, false)]
    public void Socket_WhosePathIsTooLong_IsNamed(int length, bool isRead)
    {
        Exception? refusal = Record.Exception(() => Read((MemcachedOptions.Socket.Key, $"/{new string('x', length - 1)}")));

        Assert.Equal(isRead, refusal is null);
        Assert.True(isRead || refusal!.Message.Contains("--memcached-socket", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.1.2.3", "false", null, false)]
    [InlineData("127.0.0.1,10.1.2.3:5", "false", null, false)]
    [InlineData("10.1.2.3", "memcached", null, true)]
    [InlineData("10.1.2.3", "false", "/tmp/users", true)]
    [InlineData("127.0.0.1", "false", null, true)]
    public void Addresses_OffLoopback_NeedUsersOrInsecure(string addresses, string insecure, string? users, bool starts)
    {
        SiloSettings settings = Read(
            (MemcachedOptions.Bind.Key, addresses), (SiloOptions.Insecure.Key, insecure), (MemcachedOptions.Users.Key, users));

        Exception? refusal = Record.Exception(settings.Validate);

        Assert.Equal(starts, refusal is null);
        Assert.True(starts || refusal!.Message.StartsWith("--memcached-bind has 10.1.2.3, ", StringComparison.Ordinal), refusal?.Message);
    }

    private static SiloSettings Read(params (string Key, string? Value)[] options) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(options.Select(static option => KeyValuePair.Create(option.Key, option.Value)))
        .Build());
}
