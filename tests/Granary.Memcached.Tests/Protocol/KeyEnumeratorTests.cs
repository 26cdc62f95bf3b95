using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

public sealed class KeyEnumeratorTests
{
    [Theory]
    [InlineData("get a\r\n", "a")]
    [InlineData("get a b a\r\n", "a|b|a")]
    [InlineData("get  aa   b \r\n", "aa|b")]
    [InlineData("gat 10 a  b\r\n", "a|b")]
    [InlineData("version\r\n", "")]
    public void Keys_GoesThroughAllInOrder(string line, string expected)
    {
        CommandParser.TryRead(Encoding.Latin1.GetBytes(line), out Command command, out _);

        List<string> keys = [];
        foreach (ReadOnlySpan<byte> key in command.Keys)
        {
            keys.Add(Encoding.Latin1.GetString(key));
        }

        Assert.Equal(expected, string.Join('|', keys));
    }

    [Theory]
    [InlineData("get a\r\n", true)]
    [InlineData("get  a \r\n", true)]
    [InlineData("gats 1 a\r\n", true)]
    [InlineData("get a b\r\n", false)]
    [InlineData("set a 0 0 1\r\n", false)]
    [InlineData("version\r\n", false)]
    public void HasOneKey_TrueForRetrievalOfOne(string line, bool expected)
    {
        CommandParser.TryRead(Encoding.Latin1.GetBytes(line), out Command command, out _);

        Assert.Equal(expected, command.HasOneKey);
    }
}
