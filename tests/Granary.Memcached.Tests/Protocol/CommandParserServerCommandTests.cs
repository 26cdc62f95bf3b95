using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>flush_all, stats, version, verbosity, quit (rules 3.10, 4.6, 7.4 and 9).</summary>
public sealed class CommandParserServerCommandTests
{
    [Theory]
    [InlineData("flush_all\r\n", 0, false)]
    [InlineData("flush_all  \r\n", 0, false)]
    [InlineData("flush_all noreply\r\n", 0, true)]
    [InlineData("flush_all 0\r\n", 0, false)]
    [InlineData("flush_all -1\r\n", -1, false)]
    [InlineData("flush_all 30 noreply\r\n", 30, true)]
    [InlineData("flush_all 30 40\r\n", 30, false)]
    public void FlushAll_WellFormed_HasDelay(string line, long delaySeconds, bool noReply)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone(Verb.FlushAll);

        Assert.Equal(delaySeconds, command.ExpirationSeconds);
        Assert.Equal(noReply, command.NoReply);
    }

    [Theory]
    [InlineData("flush_all x\r\n", false)]
    [InlineData("flush_all NOREPLY\r\n", false)]
    [InlineData("flush_all noreply 1\r\n", false)]
    [InlineData("flush_all 1.5\r\n", false)]
    [InlineData("flush_all x noreply\r\n", true)]
    public void FlushAll_DelayIsNoNumber_IsRejected(string line, bool noReply)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.InvalidExpiration, 0, noReply);
    }

    [Theory]
    [InlineData("stats\r\n", "")]
    [InlineData("stats  \r\n", "")]
    [InlineData("stats items\r\n", "items")]
    [InlineData("stats  cachedump 1  2 \r\n", "cachedump 1  2")]
    [InlineData("stats noreply\r\n", "noreply")]
    public void Stats_HasItsWords(string line, string words)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone(Verb.Stats);

        Assert.Equal(words, command.Arguments);
        Assert.False(command.NoReply);
    }

    [Theory]
    [InlineData("version\r\n")]
    [InlineData("version \r\n")]
    [InlineData("version x\r\n")]
    [InlineData("version noreply\r\n")]
    public void Version_WithOrWithoutWords_IsAnswered(string line)
    {
        Assert.False(ParsedCommand.Read(line).AssertDone(Verb.Version).NoReply);
    }

    [Theory]
    [InlineData("verbosity 0\r\n", 0ul, false)]
    [InlineData("verbosity 1 noreply\r\n", 1ul, true)]
    [InlineData("verbosity 0 1 2\r\n", 0ul, false)]
    public void Verbosity_WellFormed_HasLevel(string line, ulong level, bool noReply)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone(Verb.Verbosity);

        Assert.Equal(level, command.Number);
        Assert.Equal(noReply, command.NoReply);
    }

    [Theory]
    [InlineData("verbosity\r\n", false)]
    [InlineData("verbosity noreply\r\n", true)]
    [InlineData("verbosity foo bar my\r\n", false)]
    [InlineData("verbosity -1\r\n", false)]
    [InlineData("verbosity x noreply\r\n", true)]
    public void Verbosity_LevelIsNoNumber_IsRejected(string line, bool noReply)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadLineFormat, 0, noReply);
    }

    [Theory]
    [InlineData("quit\r\n")]
    [InlineData("quit\n")]
    [InlineData("quit  \r\n")]
    public void Quit_Alone_IsDone(string line)
    {
        ParsedCommand.Read(line).AssertDone(Verb.Quit);
    }

    [Theory]
    [InlineData("quit foo bar\r\n")]
    [InlineData("quit noreply\r\n")]
    public void Quit_WithWords_IsAnErrorLine(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.UnknownCommand);
    }
}
