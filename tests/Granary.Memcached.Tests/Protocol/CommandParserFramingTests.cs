using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>Rules 1 of the protocol notes: lines, spaces, names, and when a connection closes.</summary>
public sealed class CommandParserFramingTests
{
    private const int UnfinishedLimit = ProtocolLimits.MaxUnfinishedLineLength;

    [Theory]
    [InlineData("get a\r\n", 7)]
    [InlineData("get a\n", 6)]
    public void TryRead_LineEndsWithOrWithoutCr_ReadsIt(string line, int consumed)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone(Verb.Get);

        Assert.Equal("a", command.Key);
        Assert.Equal(consumed, command.Consumed);
    }

    [Fact]
    public void TryRead_TwoCrBeforeLf_DropsOne()
    {
        Assert.Equal("a\r", ParsedCommand.Read("get a\r\r\n").AssertDone(Verb.Get).Key);
    }

    [Fact]
    public void TryRead_CrInsideALine_IsAnOrdinaryByte()
    {
        Assert.Equal("a\rb", ParsedCommand.Read("get a\rb\n").AssertDone(Verb.Get).Key);
    }

    [Fact]
    public void TryRead_SeveralSpaces_SeparateLikeOne()
    {
        ParsedCommand command = ParsedCommand.Read("set   key    7 0   5   noreply  \r\n").AssertDone(Verb.Set);

        Assert.Equal("key", command.Key);
        Assert.Equal(7u, command.Flags);
        Assert.Equal(5, command.ValueLength);
        Assert.True(command.NoReply);
    }

    [Fact]
    public void TryRead_Tab_IsPartOfTheKey()
    {
        Assert.Equal("a\tb", ParsedCommand.Read("get a\tb\r\n").AssertDone(Verb.Get).Key);
    }

    [Theory]
    [InlineData(" get a\r\n")]
    [InlineData("  \r\n")]
    [InlineData("\tget a\r\n")]
    public void TryRead_SpaceBeforeTheCommand_IsUnknown(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.UnknownCommand);
    }

    [Theory]
    [InlineData("GET a\r\n")]
    [InlineData("Get a\r\n")]
    [InlineData("SET a 0 0 1\r\n")]
    [InlineData("getx a\r\n")]
    [InlineData("ge a\r\n")]
    [InlineData("get\ta\r\n")]
    [InlineData("gett\r\n")]
    [InlineData("flush_al\r\n")]
    [InlineData("flush_allx\r\n")]
    [InlineData("shutdown\r\n")]
    [InlineData("mx a v\r\n")]
    [InlineData("HTTP/1.1\r\n")]
    [InlineData("ab\n")]
    public void TryRead_NameIsNotACommand_IsUnknown(string line)
    {
        ParsedCommand command = ParsedCommand.Read(line);

        command.AssertRejected(ProtocolError.UnknownCommand);
        Assert.Equal(line.Length, command.Consumed);
        Assert.Equal(Verb.None, command.Verb);
    }

    [Fact]
    public void TryRead_BinaryMagicByte_IsAnUnknownCommand()
    {
        ParsedCommand.Read("\u0080\0\0\u0001\n").AssertRejected(ProtocolError.UnknownCommand);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("a\r\n")]
    [InlineData("a\n")]
    [InlineData(" \n")]
    [InlineData(" \r\n")]
    public void TryRead_LineShorterThanTwo_IsMalformed(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadLineFormat);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("GET / HTTP/1.1   \r\n")]
    [InlineData("POST /a HTTP/1.0\n")]
    [InlineData("x HTTP/\r\n")]
    [InlineData(" GET / HTTP/1.1\r\n")]
    public void TryRead_HttpRequest_ClosesWithoutAByte(string line)
    {
        ParsedCommand.Read(line).AssertCloses(ProtocolError.None);
    }

    [Theory]
    [InlineData("GET / http/1.1\r\n")]
    [InlineData("GET HTTP/1.1 x\r\n")]
    [InlineData(" HTTP/1.1\r\n")]
    public void TryRead_HttpNotLast_IsOnlyUnknown(string line)
    {
        ParsedCommand.Read(line).AssertRejected(ProtocolError.UnknownCommand);
    }

    [Fact]
    public void TryRead_KnownCommandThatEndsInHttp_IsDone()
    {
        Assert.Equal("/ HTTP/1.1", ParsedCommand.Read("get / HTTP/1.1\r\n").AssertDone(Verb.Get).Arguments);
    }

    [Fact]
    public void TryRead_EmptyBuffer_NeedsMoreData()
    {
        ParsedCommand.Read("").AssertNeedsMoreData();
    }

    [Theory]
    [InlineData("incr ")]
    [InlineData("get")]
    [InlineData("")]
    public void TryRead_UnfinishedLineAtTheLimit_NeedsMoreData(string start)
    {
        ParsedCommand.Read(start.PadRight(UnfinishedLimit, 'x')).AssertNeedsMoreData();
    }

    [Theory]
    [InlineData("incr ")]
    [InlineData("getx ")]
    [InlineData("get")]
    [InlineData("")]
    public void TryRead_UnfinishedLineAboveTheLimit_Closes(string start)
    {
        ParsedCommand.Read(start.PadRight(UnfinishedLimit + 1, 'x')).AssertCloses(ProtocolError.None);
    }

    [Theory]
    [InlineData(UnfinishedLimit + 1)]
    [InlineData(14000)]
    public void TryRead_NothingButSpaces_Closes(int count)
    {
        ParsedCommand.Read(new string(' ', count)).AssertCloses(ProtocolError.None);
    }

    [Theory]
    [InlineData("get ")]
    [InlineData("gets ")]
    [InlineData("gat ")]
    [InlineData("gats ")]
    public void TryRead_UnfinishedRetrievalAboveTheLimit_NeedsMoreData(string start)
    {
        ParsedCommand.Read(start.PadRight(UnfinishedLimit + 1)).AssertNeedsMoreData();
        ParsedCommand.Read((new string(' ', 100) + start).PadRight(UnfinishedLimit + 1)).AssertNeedsMoreData();
        ParsedCommand.Read(start.PadRight(ProtocolLimits.MaxLineLength - 1)).AssertNeedsMoreData();
    }

    [Fact]
    public void TryRead_UnfinishedRetrievalAfterTooManySpaces_Closes()
    {
        string line = new string(' ', 101) + "get ";

        ParsedCommand.Read(line.PadRight(UnfinishedLimit)).AssertNeedsMoreData();
        ParsedCommand.Read(line.PadRight(UnfinishedLimit + 1)).AssertCloses(ProtocolError.None);
    }

    [Fact]
    public void TryRead_UnfinishedRetrievalReachesTheLineLimit_SaysSoAndCloses()
    {
        ParsedCommand command = ParsedCommand.Read("get ".PadRight(ProtocolLimits.MaxLineLength));

        command.AssertCloses(ProtocolError.LineTooLong);
        Assert.Equal(ProtocolLimits.MaxLineLength, command.Consumed);
    }

    [Fact]
    public void TryRead_FinishedLineAtTheLineLimit_IsRead()
    {
        ParsedCommand.Read("get a".PadRight(ProtocolLimits.MaxLineLength - 1) + "\n").AssertDone(Verb.Get);
    }

    [Fact]
    public void TryRead_FinishedLineAboveTheLineLimit_SaysSoAndCloses()
    {
        ParsedCommand command = ParsedCommand.Read("get a".PadRight(ProtocolLimits.MaxLineLength) + "\n");

        command.AssertCloses(ProtocolError.LineTooLong);
    }

    [Fact]
    public void TryRead_LongUnknownLineThatArrivedWhole_IsOnlyUnknown()
    {
        ParsedCommand.Read(new string('x', 5000) + "\r\n").AssertRejected(ProtocolError.UnknownCommand);
    }

    [Fact]
    public void TryRead_ManySpacesBeforeTheKey_ReadsIt()
    {
        Assert.Equal("key", ParsedCommand.Read("get" + new string(' ', 2048) + "key\r\n").AssertDone(Verb.Get).Key);
    }

    [Fact]
    public void TryRead_SeveralCommands_ConsumesTheFirstLineOnly()
    {
        ParsedCommand command = ParsedCommand.Read("set a 0 0 3\r\nabc\r\nget a\r\n").AssertDone(Verb.Set);

        Assert.Equal("set a 0 0 3\r\n".Length, command.Consumed);
    }
}
