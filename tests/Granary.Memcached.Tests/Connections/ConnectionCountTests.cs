using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Connections;

/// <summary>What becomes of one connection too many.</summary>
public sealed class ConnectionCountTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void OneTooMany_IsRefusedUntilAnotherOneHasEnded()
    {
        var count = new ConnectionCount(max: 2, waits: false, _time);

        Assert.True(count.TryAdd());
        Assert.True(count.TryAdd());
        Assert.False(count.TryAdd());
        Assert.Equal((2, 2, 1), (count.Present, count.Total, count.Refused));
        Assert.True(count.RoomAsync().IsCompleted);
        count.Remove();
        Assert.True(count.TryAdd());
        Assert.Equal((2, 3, 1), (count.Present, count.Total, count.Refused));
        Assert.Equal((true, 0), (count.IsAccepting, count.TimesFull));
    }

    [Fact]
    public void OneTooMany_ThatWaits_IsAcceptedWhenAnotherOneHasEnded()
    {
        var count = new ConnectionCount(max: 1, waits: true, _time);
        Assert.True(count.RoomAsync().IsCompleted);
        count.TryAdd();

        Task room = count.RoomAsync();
        Assert.Same(room, count.RoomAsync());
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.False(room.IsCompleted);
        Assert.Equal((false, 1, TimeSpan.FromSeconds(3)), (count.IsAccepting, count.TimesFull, count.TimeFull));
        count.Remove();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(room.IsCompleted);
        Assert.Equal((true, 1, TimeSpan.FromSeconds(3)), (count.IsAccepting, count.TimesFull, count.TimeFull));
        Assert.Equal(0, count.Refused);
    }

    [Fact]
    public async Task Client_ThatIsOneTooMany_IsToldSoAndDisconnectedAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions { MaxConnections = 1 });
        await using TestClient first = await gateway.ConnectAsync();
        Assert.Equal("END\r\n", await first.AskAsync("get k\r\n", "END\r\n"));

        await using TestClient second = await gateway.ConnectAsync();

        Assert.Equal("ERROR Too many open connections\r\n", await second.ReceiveAllAsync());
        Assert.Equal(1, gateway.State.Clients.Refused);
    }

    [Fact]
    public async Task Client_ThatMayWait_IsServedWhenAnotherOneHasGoneAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            new GatewayOptions { MaxConnections = 1, WaitsAtMaxConnections = true });
        await using TestClient first = await gateway.ConnectAsync();
        Assert.Equal("END\r\n", await first.AskAsync("get k\r\n", "END\r\n"));
        await using TestClient second = await gateway.ConnectAsync(); // in the kernel's queue
        await second.SendAsync("get k\r\n");
        Assert.Equal("END\r\n", await first.AskAsync("get k\r\n", "END\r\n"));
        Assert.Equal(1, gateway.State.Clients.Present);

        await first.SendAsync("quit\r\n");

        Assert.Equal("END\r\n", await second.ReceiveAsync("END\r\n".Length));
        Assert.InRange(gateway.State.Clients.TimesFull, 1, 2); // the second one has filled it again, or is about to
        Assert.Equal((0, 1), (gateway.State.Clients.Refused, gateway.State.Clients.Present));
    }
}
