using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>get, gets, gat, gats (rules 3.1, 3.2 and 6).</summary>
public sealed class CommandParserRetrievalTests
{
    private static readonly string LongestKey = new('k', ProtocolLimits.MaxKeyLength);

    [Theory]
    [InlineData("get a\r\n", Verb.Get)]
    [InlineData("gets a\r\n", Verb.Gets)]
    [InlineData("gat 0 a\r\n", Verb.Gat)]
    [InlineData("gats 0 a\r\n", Verb.Gats)]
    public void Retrieval_OfOneKey_HasIt(string line, object verb)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone((Verb)verb);

        Assert.Equal("a", command.Key);
        Assert.Equal("a", command.Arguments);
        Assert.False(command.NoReply);
    }

    [Theory]
    [InlineData("get a  bb a \r\n", Verb.Get)]
    [InlineData("gets   a  bb a\r\n", Verb.Gets)]
    [InlineData("gat 10 a  bb a\r\n", Verb.Gat)]
    [InlineData("gats  10  a  bb a\r\n", Verb.Gats)]
    public void Retrieval_OfSeveralKeys_HasAllAsSent(string line, object verb)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone((Verb)verb);

        Assert.Equal("a", command.Key);
        Assert.Equal("a  bb a", command.Arguments);
    }

    [Theory]
    [InlineData("get\r\n")]
    [InlineData("get \r\n")]
    [InlineData("gets\n")]
    [InlineData("gets   \r\n")]
    [InlineData("gat\r\n")]
    [InlineData("gat 1\r\n")]
    [InlineData("gat x \r\n")]
    [InlineData("gats\r\n")]
    [InlineData("gats 1 \r\n")]
    public void Retrieval_WithoutKey_IsMalformed(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadLineFormat);
    }

    [Theory]
    [InlineData("get ")]
    [InlineData("gets ")]
    [InlineData("gat 0 ")]
    [InlineData("gats 0 ")]
    public void Retrieval_KeyAtAndAboveTheLimit_IsReadAndRejected(string start)
    {
        Assert.Equal(LongestKey, ParsedCommand.Read(start + LongestKey + "\r\n").Key);
        ParsedCommand.Read(start + LongestKey + "k\r\n").AssertRejected(ProtocolError.BadLineFormat);
    }

    [Theory]
    [InlineData("get a {0}k b\r\n")]
    [InlineData("get a b {0}k\r\n")]
    [InlineData("gets {0}k b\r\n")]
    [InlineData("gat 0 a {0}k\r\n")]
    [InlineData("gats 0 a {0}k  \r\n")]
    public void Retrieval_OneBadKeyAmongMany_RejectsTheWholeLine(string format)
    {
        string line = format.Replace("{0}", LongestKey, StringComparison.Ordinal);

        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadLineFormat);
    }

    [Fact]
    public void Retrieval_EveryByteButSpaceAndLf_IsAllowedInAKey()
    {
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            if (value is ' ' or '\n')
            {
                continue;
            }

            string key = $"a{(char)value}b";

            Assert.Equal(key, ParsedCommand.Read($"get {key}\r\n").AssertDone(Verb.Get).Key);
        }
    }

    [Fact]
    public void Get_Noreply_IsAKey()
    {
        ParsedCommand command = ParsedCommand.Read("get k noreply\r\n").AssertDone(Verb.Get);

        Assert.Equal("k noreply", command.Arguments);
        Assert.False(command.NoReply);
    }

    [Fact]
    public void Get_FiveThousandKeys_ReadsThem()
    {
        StringBuilder line = new("get");
        for (int index = 0; index < 5000; index++)
        {
            line.Append(" key_number_").Append(index).Append("_of_many_keys");
        }

        ParsedCommand command = ParsedCommand.Read(line + "\r\n").AssertDone(Verb.Get);

        Assert.Equal(5000, command.Arguments.Split(' ').Length);
        Assert.True(command.Consumed > 128 * 1024);
    }

    [Theory]
    [InlineData("gat 0 k\r\n", 0)]
    [InlineData("gat -1 k\r\n", -1)]
    [InlineData("gats 2592001 k\r\n", 2592001)]
    [InlineData("gat 4294967296 k\r\n", 4294967296)]
    [InlineData("gat 9223372036854775807 k\r\n", long.MaxValue)]
    [InlineData("gats -9223372036854775808 k\r\n", long.MinValue)]
    public void Gat_ExpirationThatFits64Bits_IsKept(string line, long expected)
    {
        Assert.Equal(expected, ParsedCommand.Read(line).ExpirationSeconds);
    }

    [Theory]
    [InlineData("gat x k\r\n")]
    [InlineData("gat 1.5 k\r\n")]
    [InlineData("gats - k\r\n")]
    [InlineData("gat +1 k\r\n")]
    [InlineData("gat 9223372036854775808 k\r\n")]
    [InlineData("gats -9223372036854775809 k\r\n")]
    public void Gat_ExpirationIsNoNumber_IsRejected(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.InvalidExpiration);
    }
}
