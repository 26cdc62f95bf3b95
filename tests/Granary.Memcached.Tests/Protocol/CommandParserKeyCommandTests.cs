using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>incr, decr, touch, delete (rules 4.6 and 5).</summary>
public sealed class CommandParserKeyCommandTests
{
    private static readonly string LongestKey = new('k', ProtocolLimits.MaxKeyLength);

    [Theory]
    [InlineData("incr key 5\r\n", Verb.Incr, 5ul, false)]
    [InlineData("decr key 0\r\n", Verb.Decr, 0ul, false)]
    [InlineData("incr key 18446744073709551615 noreply\r\n", Verb.Incr, ulong.MaxValue, true)]
    [InlineData("decr key 7 noreply \r\n", Verb.Decr, 7ul, true)]
    [InlineData("incr key 5 6 7\r\n", Verb.Incr, 5ul, false)]
    public void Arithmetic_WellFormed_HasKeyAndDelta(string line, object verb, ulong delta, bool noReply)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone((Verb)verb);

        Assert.Equal("key", command.Key);
        Assert.Equal(delta, command.Number);
        Assert.Equal(noReply, command.NoReply);
    }

    [Theory]
    [InlineData("incr key 18446744073709551616\r\n", false)]
    [InlineData("incr key -1\r\n", false)]
    [InlineData("decr key x\r\n", false)]
    [InlineData("decr key 1.5\r\n", false)]
    [InlineData("incr key x noreply\r\n", true)]
    [InlineData("incr key noreply\r\n", true)]
    public void Arithmetic_BadDelta_IsRejected(string line, bool noReply)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.InvalidDelta, 0, noReply);
    }

    [Theory]
    [InlineData("incr\r\n")]
    [InlineData("incr key\r\n")]
    [InlineData("decr key \r\n")]
    [InlineData("incr noreply\r\n")]
    [InlineData("touch\r\n")]
    [InlineData("touch key\r\n")]
    [InlineData("delete\r\n")]
    [InlineData("delete  \r\n")]
    public void KeyCommand_TooFewArguments_IsMalformed(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadLineFormat);
    }

    [Theory]
    [InlineData("incr {0} 1")]
    [InlineData("decr {0} 1")]
    [InlineData("touch {0} 1")]
    [InlineData("delete {0}")]
    public void KeyCommand_KeyAtAndAboveTheLimit_IsReadAndRejected(string format)
    {
        string atLimit = format.Replace("{0}", LongestKey, StringComparison.Ordinal);
        string above = format.Replace("{0}", LongestKey + "k", StringComparison.Ordinal);

        Assert.Equal(LongestKey, ParsedCommand.Read(atLimit + "\r\n").Key);
        ParsedCommand.Read(above + "\r\n").AssertRejected(ProtocolError.BadLineFormat);
        ParsedCommand.Read(above + " noreply\r\n").AssertRejected(ProtocolError.BadLineFormat, 0, true);
    }

    [Theory]
    [InlineData("touch key 0\r\n", 0, false)]
    [InlineData("touch key -1\r\n", -1, false)]
    [InlineData("touch key 4294967296 noreply\r\n", 4294967296, true)]
    [InlineData("touch key 10 20\r\n", 10, false)]
    public void Touch_WellFormed_HasExpiration(string line, long expirationSeconds, bool noReply)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone(Verb.Touch);

        Assert.Equal("key", command.Key);
        Assert.Equal(expirationSeconds, command.ExpirationSeconds);
        Assert.Equal(noReply, command.NoReply);
    }

    [Theory]
    [InlineData("touch key x\r\n", false)]
    [InlineData("touch key 1.5\r\n", false)]
    [InlineData("touch key 9223372036854775808\r\n", false)]
    [InlineData("touch key x noreply\r\n", true)]
    [InlineData("touch key noreply\r\n", true)]
    public void Touch_ExpirationIsNoNumber_IsRejected(string line, bool noReply)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.InvalidExpiration, 0, noReply);
    }

    [Theory]
    [InlineData("delete key\r\n", false)]
    [InlineData("delete key 0\r\n", false)]
    [InlineData("delete key noreply\r\n", true)]
    [InlineData("delete key  0  noreply \r\n", true)]
    public void Delete_WithZeroAndNoreply_IsDone(string line, bool noReply)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone(Verb.Delete);

        Assert.Equal("key", command.Key);
        Assert.Equal(noReply, command.NoReply);
    }

    [Theory]
    [InlineData("delete key 10\r\n", false)]
    [InlineData("delete key 00\r\n", false)]
    [InlineData("delete key 0 0\r\n", false)]
    [InlineData("delete a b c d e\r\n", false)]
    [InlineData("delete key noreply x\r\n", false)]
    [InlineData("delete key 10 noreply\r\n", true)]
    [InlineData("delete key noreply noreply\r\n", true)]
    public void Delete_WithAnythingElse_IsRejected(string line, bool noReply)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadDeleteFormat, 0, noReply);
    }

    [Fact]
    public void Delete_OfAKeyCalledNoreply_IsAnswered()
    {
        ParsedCommand command = ParsedCommand.Read("delete noreply\r\n").AssertDone(Verb.Delete);

        Assert.Equal("noreply", command.Key);
        Assert.False(command.NoReply);
    }
}
