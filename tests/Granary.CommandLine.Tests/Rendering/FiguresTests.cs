using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Tests.Rendering;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0L, "0 B")]
    [InlineData(1023L, "1023 B")]
    [InlineData(1024L, "1 KiB")]
    [InlineData(1536L, "1.5 KiB")]
    [InlineData(12L << 20, "12 MiB")]
    [InlineData(120L << 30, "120 GiB")]
    [InlineData(5000L << 40, "5000 TiB")]
    [InlineData(null, "-")]
    public void Bytes_OfASize_HaveAUnit(long? bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.4, "0.4")]
    [InlineData(9.94, "9.9")]
    [InlineData(12_345.6, "12,346")]
    [InlineData(null, "-")]
    public void Rate_OfANumber_IsShort(double? rate, string text) => Assert.Equal(text, Figures.Rate(rate));

    [Theory]
    [InlineData(0.26, "0.3 s")]
    [InlineData(119.0, "119 s")]
    [InlineData(120.0, "2 min")]
    [InlineData(7200.0, "2 h")]
    [InlineData(200_000.0, "2 d")]
    [InlineData(null, "-")]
    public void Age_OfSeconds_HasAUnit(double? seconds, string text) => Assert.Equal(text, Figures.Age(seconds));

    [Fact]
    public void Percent_OfNothing_IsUnknown() => Assert.Equal("-", Figures.Percent(0, 0));

    [Theory]
    [InlineData("short", "short")]
    [InlineData("a\tb\n", "a b ")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("0123456789a", "0123456...")]
    public void Short_OfAText_IsOneLineOfTen(string text, string expected) => Assert.Equal(expected, Figures.Short(text, 10));
}
