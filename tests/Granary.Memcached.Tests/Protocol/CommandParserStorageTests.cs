using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>set, add, replace, append, prepend, cas (rules 3 and 4).</summary>
public sealed class CommandParserStorageTests
{
    private static readonly string LongestKey = new('k', ProtocolLimits.MaxKeyLength);

    [Theory]
    [InlineData("set", Verb.Set)]
    [InlineData("add", Verb.Add)]
    [InlineData("replace", Verb.Replace)]
    [InlineData("append", Verb.Append)]
    [InlineData("prepend", Verb.Prepend)]
    public void Storage_WellFormed_HasEveryField(string name, object verb)
    {
        ParsedCommand command = ParsedCommand.Read($"{name} key 12 -34 56\r\n").AssertDone((Verb)verb);

        Assert.Equal("key", command.Key);
        Assert.Equal("", command.Arguments);
        Assert.Equal(12u, command.Flags);
        Assert.Equal(-34, command.ExpirationSeconds);
        Assert.Equal(56, command.ValueLength);
        Assert.Equal(0ul, command.Number);
        Assert.False(command.NoReply);
    }

    [Fact]
    public void Cas_WellFormed_HasTheUnique()
    {
        ParsedCommand command = ParsedCommand.Read("cas key 1 2 3 4\r\n").AssertDone(Verb.Cas);

        Assert.Equal("key", command.Key);
        Assert.Equal(1u, command.Flags);
        Assert.Equal(2, command.ExpirationSeconds);
        Assert.Equal(3, command.ValueLength);
        Assert.Equal(4ul, command.Number);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("set \r")]
    [InlineData("set a")]
    [InlineData("add a 0")]
    [InlineData("append a 0 0")]
    [InlineData("prepend a 0 0 ")]
    [InlineData("cas a 0 0")]
    [InlineData("set a 0 0 noreply")]
    public void Storage_TooFewArguments_IsAnsweredAndSwallowsNothing(string line)
    {
        ParsedCommand.Read(line + "\r\n").AssertRejected(ProtocolError.BadLineFormat);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("00", 0)]
    [InlineData("1048576", 1048576)]
    [InlineData("2147483645", 2147483645)]
    public void Storage_LengthInRange_IsRead(string text, int expected)
    {
        Assert.Equal(expected, ParsedCommand.Read($"set a 0 0 {text}\r\n").AssertDone(Verb.Set).ValueLength);
    }

    [Theory]
    [InlineData("2147483646")]
    [InlineData("2147483647")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551617")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("3x")]
    [InlineData("x")]
    public void Storage_BadLength_IsAnsweredAndSwallowsNothing(string text)
    {
        ParsedCommand.Read($"set a 0 0 {text}\r\n").AssertRejected(ProtocolError.BadLineFormat);
        ParsedCommand.Read($"cas a 0 0 {text} 1 noreply\r\n").AssertRejected(ProtocolError.BadLineFormat);
        ParsedCommand.Read($"add a x 0 {text} noreply\r\n").AssertRejected(ProtocolError.BadLineFormat);
    }

    [Theory]
    [InlineData("0", 0u)]
    [InlineData("123", 123u)]
    [InlineData("65535", 65535u)]
    [InlineData("2147483648", 2147483648u)]
    [InlineData("4294967295", uint.MaxValue)]
    [InlineData("0000000000000000000000000000000004294967295", uint.MaxValue)]
    public void Storage_FlagsOf32Bits_AreRead(string text, uint expected)
    {
        Assert.Equal(expected, ParsedCommand.Read($"set a {text} 0 1\r\n").AssertDone(Verb.Set).Flags);
    }

    [Theory]
    [InlineData("4294967296")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("0x1")]
    public void Storage_BadFlags_SwallowsTheData(string text)
    {
        ParsedCommand.Read($"set a {text} 0 7\r\n").AssertRejected(ProtocolError.BadLineFormat, 9);
        ParsedCommand.Read($"set a {text} 0 7 noreply\r\n").AssertRejected(ProtocolError.BadLineFormat, 9, true);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("2592000", 2592000)]
    [InlineData("-1", -1)]
    [InlineData("2147483648", 2147483648)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Storage_ExpirationThatFits64Bits_IsKept(string text, long expected)
    {
        Assert.Equal(expected, ParsedCommand.Read($"set a 0 {text} 1\r\n").AssertDone(Verb.Set).ExpirationSeconds);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1.5")]
    [InlineData("--1")]
    [InlineData("-")]
    [InlineData("x")]
    public void Storage_BadExpiration_SwallowsTheData(string text)
    {
        ParsedCommand.Read($"set a 0 {text} 7\r\n").AssertRejected(ProtocolError.BadLineFormat, 9);
        ParsedCommand.Read($"set a 0 {text} 7 noreply\r\n").AssertRejected(ProtocolError.BadLineFormat, 9, true);
    }

    [Fact]
    public void Storage_KeyAtTheLimit_IsRead()
    {
        Assert.Equal(LongestKey, ParsedCommand.Read($"set {LongestKey} 0 0 1\r\n").AssertDone(Verb.Set).Key);
    }

    [Theory]
    [InlineData("set {0}k 0 0 1\r\n", false)]
    [InlineData("set {0}k 0 0 1 noreply\r\n", true)]
    [InlineData("cas {0}k 0 0 1 5\r\n", false)]
    public void Storage_KeyAboveTheLimit_SwallowsTheData(string format, bool noReply)
    {
        string line = format.Replace("{0}", LongestKey, StringComparison.Ordinal);

        ParsedCommand.Read(line).AssertRejected(ProtocolError.BadLineFormat, 3, noReply);
    }

    [Fact]
    public void Storage_BadLineWithTheGreatestLength_SwallowsWithoutOverflow()
    {
        ParsedCommand.Read("set a x 0 2147483645\r\n").AssertRejected(ProtocolError.BadLineFormat, int.MaxValue);
    }

    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void Cas_UniqueOf64Bits_IsRead(string text, ulong expected)
    {
        Assert.Equal(expected, ParsedCommand.Read($"cas a 0 0 1 {text}\r\n").AssertDone(Verb.Cas).Number);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("18446744073709551616", false)]
    [InlineData("-1", false)]
    [InlineData("x", false)]
    [InlineData("x noreply", true)]
    [InlineData("noreply", true)]
    public void Cas_BadUnique_SwallowsTheData(string text, bool noReply)
    {
        ParsedCommand.Read($"cas a 0 0 1 {text}\r\n").AssertRejected(ProtocolError.BadLineFormat, 3, noReply);
    }

    [Theory]
    [InlineData("set a 0 0 1 noreply\r\n", true)]
    [InlineData("cas a 0 0 1 2 noreply \r\n", true)]
    [InlineData("set a 0 0 1 2 3 noreply\r\n", true)]
    [InlineData("set a 0 0 1 NOREPLY\r\n", false)]
    [InlineData("set a 0 0 1 noreplyx\r\n", false)]
    [InlineData("set a 0 0 1 xnoreply\r\n", false)]
    [InlineData("set a 0 0 1 noreply x\r\n", false)]
    [InlineData("set a 0 0 1 2 3 4\r\n", false)]
    [InlineData("set noreply 0 0 1\r\n", false)]
    public void Storage_Noreply_CountsAsTheLastWordOnly(string line, bool expected)
    {
        ParsedCommand command = ParsedCommand.Read(line);

        command.AssertDone(command.Verb);
        Assert.Equal(expected, command.NoReply);
    }
}
