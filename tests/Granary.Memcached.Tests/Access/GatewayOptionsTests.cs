using Granary.Memcached.Server;

namespace Granary.Memcached.Tests.Access;

/// <summary>The bounds of the options of TLS and authentication.</summary>
public sealed class GatewayOptionsTests
{
    [Theory]
    [InlineData(10_000, 10_000, 256, true)]
    [InlineData(1, 1, 1, true)]
    [InlineData(86_400_000, 86_400_000, 1_000_000, true)]
    [InlineData(0, 10_000, 256, false)]
    [InlineData(10_000, 0, 256, false)]
    [InlineData(10_000, 10_000, 0, false)]
    [InlineData(86_400_001, 10_000, 256, false)]
    [InlineData(10_000, 86_400_001, 256, false)]
    [InlineData(10_000, 10_000, 1_000_001, false)]
    public void Options_AreCheckedAtStart(int authentication, int handshake, int handshakes, bool isValid)
    {
        var options = new GatewayOptions
        {
            AuthenticationTime = TimeSpan.FromMilliseconds(authentication),
            HandshakeTime = TimeSpan.FromMilliseconds(handshake),
            MaxHandshakes = handshakes,
        };

        Assert.Equal(isValid, new GatewayOptionsValidator().Validate(null, options).Succeeded);
    }
}
