using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>How long a client's requests take.</summary>
public sealed class SessionTimesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    public void Requests_OfAClient_AreTimedOnceInSixteen(int requests, int timed)
    {
        using var cache = new TestCache();
        using var client = new Conversation(new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider()));

        for (int number = 1; number <= requests; number++)
        {
            Assert.Equal("END\r\n", client.Send("get k\r\n"));
        }

        Assert.Equal(timed, cache.Local.Times.Local.Sum());
    }
}
