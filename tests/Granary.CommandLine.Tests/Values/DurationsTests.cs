using Granary.CommandLine.Values;

namespace Granary.CommandLine.Tests.Values;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("12h", 43_200)]
    [InlineData("7d", 604_800)]
    [InlineData("365000d", 365_000 * 86_400d)]
    public void TryParse_OfATime_ReadsIt(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out TimeSpan duration));

        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1s")]
    [InlineData("0")]
    [InlineData("0.00000001ms")]
    [InlineData("10x")]
    [InlineData("1,5m")]
    [InlineData("NaN")]
    [InlineData("365001d")]
    public void TryParse_OfAnythingElse_Refuses(string text) => Assert.False(Durations.TryParse(text, out _));
}
