using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

public sealed class ReplyWriterTests
{
    [Theory]
    [InlineData("k", 0u, 0, "VALUE k 0 0\r\n")]
    [InlineData("key", 123u, 1048576, "VALUE key 123 1048576\r\n")]
    public void WriteValueHeader_WithoutCas_IsTheLine(string key, uint flags, int valueLength, string expected)
    {
        byte[] destination = new byte[ReplyWriter.MaxValueHeaderLength];

        int length = ReplyWriter.WriteValueHeader(destination, Encoding.Latin1.GetBytes(key), flags, valueLength);

        Assert.Equal(expected, Encoding.Latin1.GetString(destination, 0, length));
    }

    [Theory]
    [InlineData(0ul, "VALUE k 1 2 0\r\n")]
    [InlineData(ulong.MaxValue, "VALUE k 1 2 18446744073709551615\r\n")]
    public void WriteValueHeader_WithCas_IsTheLine(ulong cas, string expected)
    {
        byte[] destination = new byte[ReplyWriter.MaxValueHeaderLength];

        int length = ReplyWriter.WriteValueHeader(destination, "k"u8, 1, 2, cas);

        Assert.Equal(expected, Encoding.Latin1.GetString(destination, 0, length));
    }

    [Fact]
    public void WriteValueHeader_GreatestOfAll_FillsTheMaximumExactly()
    {
        byte[] key = new byte[ProtocolLimits.MaxKeyLength];
        byte[] destination = new byte[ReplyWriter.MaxValueHeaderLength];

        int length = ReplyWriter.WriteValueHeader(destination, key, uint.MaxValue, int.MaxValue, ulong.MaxValue);

        Assert.Equal(ReplyWriter.MaxValueHeaderLength, length);
    }

    [Fact]
    public void WriteValueHeader_EveryShorterDestination_IsRefused()
    {
        int length = "VALUE k 1 2 3\r\n".Length;
        for (int room = 0; room < length; room++)
        {
            byte[] destination = new byte[room];

            Assert.ThrowsAny<ArgumentException>(() => ReplyWriter.WriteValueHeader(destination, "k"u8, 1, 2, 3));
        }

        Assert.Equal(length, ReplyWriter.WriteValueHeader(new byte[length], "k"u8, 1, 2, 3));
    }

    [Theory]
    [InlineData(0ul, "0\r\n")]
    [InlineData(ulong.MaxValue, "18446744073709551615\r\n")]
    public void WriteNumber_IsTheLine(ulong number, string expected)
    {
        byte[] destination = new byte[ReplyWriter.MaxNumberLineLength];

        int length = ReplyWriter.WriteNumber(destination, number);

        Assert.Equal(expected, Encoding.Latin1.GetString(destination, 0, length));
    }
}
