using System.Globalization;
using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

public sealed class AsciiNumberTests
{
    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("007", 7ul)]
    [InlineData("9999999999999999999", 9999999999999999999ul)]
    [InlineData("10000000000000000000", 10000000000000000000ul)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("00000000000000000000000018446744073709551615", ulong.MaxValue)]
    public void TryParseUInt64_Number_IsRead(string text, ulong expected)
    {
        Assert.True(AsciiNumber.TryParseUInt64(Encoding.Latin1.GetBytes(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("/")]
    [InlineData(":")]
    [InlineData("\u00b2")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551620")]
    [InlineData("99999999999999999999")]
    [InlineData("100000000000000000000")]
    [InlineData("1000000000000000000x")]
    [InlineData("10000000000000000000x")]
    public void TryParseUInt64_Otherwise_IsRefused(string text)
    {
        Assert.False(AsciiNumber.TryParseUInt64(Encoding.Latin1.GetBytes(text), out ulong value));
        Assert.Equal(0ul, value);
    }

    [Theory]
    [InlineData("4294967295", true, uint.MaxValue)]
    [InlineData("4294967296", false, 0u)]
    [InlineData("-1", false, 0u)]
    [InlineData("", false, 0u)]
    public void TryParseUInt32_AtTheBound_Decides(string text, bool fits, uint expected)
    {
        Assert.Equal(fits, AsciiNumber.TryParseUInt32(Encoding.Latin1.GetBytes(text), out uint value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("-0", true, 0)]
    [InlineData("-1", true, -1)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("-9223372036854775809", false, 0)]
    [InlineData("-18446744073709551615", false, 0)]
    [InlineData("-", false, 0)]
    [InlineData("--1", false, 0)]
    [InlineData("", false, 0)]
    public void TryParseInt64_AtTheBound_Decides(string text, bool fits, long expected)
    {
        Assert.Equal(fits, AsciiNumber.TryParseInt64(Encoding.Latin1.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void TryParse_RandomNumbers_AgreesWithTheFramework()
    {
        Random random = new(20240711);
        for (int round = 0; round < 20_000; round++)
        {
            long number = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            byte[] text = Encoding.Latin1.GetBytes(number.ToString(CultureInfo.InvariantCulture));

            Assert.True(AsciiNumber.TryParseInt64(text, out long value));
            Assert.Equal(number, value);
        }
    }
}
