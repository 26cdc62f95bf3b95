using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>mg, ms, md, ma, me, mn (rules 3.9 and 8).</summary>
public sealed class MetaParserTests
{
    private static readonly string LongestKey = new('k', ProtocolLimits.MaxKeyLength);

    [Theory]
    [InlineData("mg key\r\n", Verb.MetaGet, "")]
    [InlineData("mg  key  v  k \n", Verb.MetaGet, "v  k")]
    [InlineData("md key q\r\n", Verb.MetaDelete, "q")]
    [InlineData("ma key MD\r\n", Verb.MetaArithmetic, "MD")]
    [InlineData("ms key 3 F7\r\n", Verb.MetaSet, "F7")]
    [InlineData("me key b2\r\n", Verb.MetaDebug, "b2")]
    public void MetaCommand_WellFormed_HasKeyAndFlags(string line, object verb, string flags)
    {
        ParsedCommand command = ParsedCommand.Read(line).AssertDone((Verb)verb);

        Assert.Equal(("key", flags), (command.Key, command.Arguments));
    }

    [Theory]
    [InlineData("mn\r\n")]
    [InlineData("mn x\r\n")]
    public void Noop_WithAnything_IsRead(string line) => ParsedCommand.Read(line).AssertDone(Verb.MetaNoop);

    [Fact]
    public void Flags_OfEveryKind_AreRead()
    {
        ParsedCommand command = ParsedCommand.Read(
            "ma a2V5 b v q u l T30 N40 R50 C7 E8 J9 D10 I x F11 MD\r\n")
            .AssertDone(Verb.MetaArithmetic);

        Assert.Equal(
            MetaOption.BinaryKey | MetaOption.Value | MetaOption.Quiet | MetaOption.NoUse | MetaOption.LastUse
                | MetaOption.Touch | MetaOption.Create | MetaOption.Refresh | MetaOption.RefreshAfterTouch
                | MetaOption.Compare | MetaOption.Stale | MetaOption.DropValue,
            command.Meta.Options);
        Assert.Equal((30, 40, 50), (command.ExpirationSeconds, command.Meta.CreationSeconds, command.Meta.RefreshSeconds));
        Assert.Equal((7ul, 8ul, 9ul), (command.Meta.Compare, command.Meta.NewCas, command.Meta.Initial));
        Assert.Equal((10ul, 11u, (byte)'D'), (command.Number, command.Flags, command.Meta.Mode));
    }

    [Theory]
    [InlineData("mg key T1 N2\r\n", MetaOption.Touch | MetaOption.Create)]
    [InlineData("mg key N2 T1\r\n", MetaOption.Touch | MetaOption.Create | MetaOption.TouchAfterCreate)]
    [InlineData("mg key R2 T1\r\n", MetaOption.Touch | MetaOption.Refresh)]
    public void Flags_WhoseOrderMatters_SayWhichWasFirst(string line, object options) =>
        Assert.Equal((MetaOption)options, ParsedCommand.Read(line).Meta.Options);

    [Theory]
    [InlineData("mg key F9 D1 ME x I v E5 J1 C3\r\n")]
    [InlineData("md key MZ R5 s t f h l u\r\n")]
    [InlineData("ms key 1 D1 J2 h l t R5 u\r\n")]
    [InlineData("mg key P1 Labc O\r\n")]
    public void Flags_ThatOtherCommandsKnow_AreIgnored(string line) =>
        Assert.Equal(ProtocolError.None, ParsedCommand.Read(line).Error);

    [Theory]
    [InlineData("mg key z\r\n", ProtocolError.InvalidFlag)]
    [InlineData("mg key S\r\n", ProtocolError.InvalidFlag)]
    [InlineData("md key 1\r\n", ProtocolError.InvalidFlag)]
    [InlineData("mg key v v\r\n", ProtocolError.DuplicateFlag)]
    [InlineData("md key O1 O2\r\n", ProtocolError.DuplicateFlag)]
    [InlineData("mg key -\r\n", ProtocolError.BadLineFormat)]
    [InlineData("mg key \u00e9\r\n", ProtocolError.BadLineFormat)]
    [InlineData("mg key T\r\n", ProtocolError.BadToken)]
    [InlineData("mg key Tx\r\n", ProtocolError.BadToken)]
    [InlineData("mg key N1.5\r\n", ProtocolError.BadToken)]
    [InlineData("mg key Rx\r\n", ProtocolError.BadToken)]
    [InlineData("md key C-1\r\n", ProtocolError.BadToken)]
    [InlineData("md key E18446744073709551616\r\n", ProtocolError.BadToken)]
    [InlineData("mg key Jx\r\n", ProtocolError.InvalidInitialValue)]
    [InlineData("mg key Dx\r\n", ProtocolError.InvalidDeltaValue)]
    [InlineData("mg key Fx\r\n", ProtocolError.BadLineFormat)]
    [InlineData("mg key Tx Fx\r\n", ProtocolError.BadToken)]
    [InlineData("mg key Fx Tx\r\n", ProtocolError.BadToken)]
    [InlineData("mg key Tx z\r\n", ProtocolError.InvalidFlag)]
    [InlineData("mg ke b\r\n", ProtocolError.BadBase64)]
    [InlineData("mg ==== b q\r\n", ProtocolError.BadBase64)]
    [InlineData("me ke b\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ma key z\r\n", ProtocolError.InvalidOrDuplicateFlag)]
    [InlineData("ma key v v\r\n", ProtocolError.InvalidOrDuplicateFlag)]
    [InlineData("ma key D1x\r\n", ProtocolError.InvalidOrDuplicateFlag)]
    [InlineData("ma key Tx q\r\n", ProtocolError.InvalidOrDuplicateFlag)]
    [InlineData("ma key Mi\r\n", ProtocolError.InvalidArithmeticMode)]
    [InlineData("ma key M\r\n", ProtocolError.InvalidArithmeticMode)]
    [InlineData("mg\r\n", ProtocolError.BadLineFormat)]
    [InlineData("mg \r\n", ProtocolError.BadLineFormat)]
    [InlineData("me\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms key\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms key x\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms key -1\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms key S100\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms key 2147483646\r\n", ProtocolError.BadLineFormat)]
    public void MetaCommand_ThatIsWrong_IsRejectedWithoutSwallowing(string line, object error) =>
        ParsedCommand.Read(line).AssertRejected((ProtocolError)error);

    [Theory]
    [InlineData("ms key 3 z\r\n", ProtocolError.InvalidFlag)]
    [InlineData("ms key 3 F-1 q\r\n", ProtocolError.BadLineFormat)]
    [InlineData("ms key 3 Tx\r\n", ProtocolError.BadToken)]
    [InlineData("ms key 3 Me\r\n", ProtocolError.InvalidSetMode)]
    [InlineData("ms key 3 M\r\n", ProtocolError.InvalidSetMode)]
    [InlineData("ms ke 3 b\r\n", ProtocolError.BadBase64)]
    [InlineData("ms key 3 O12345678901234567890123456789012\r\n", ProtocolError.OpaqueTooLong)]
    [InlineData("ms key 3 a b c d e f g h i j k l m n o p q r\r\n", ProtocolError.TooManyFlags)]
    public void Set_WithAGoodLength_SwallowsItsData(string line, object error) =>
        ParsedCommand.Read(line).AssertRejected((ProtocolError)error, swallowBytes: 5);

    [Fact]
    public void Set_OfAKeyAboveTheLimit_SwallowsItsData()
    {
        ParsedCommand.Read($"ms {LongestKey}k 3\r\n").AssertRejected(ProtocolError.BadLineFormat, swallowBytes: 5);
        ParsedCommand.Read($"ms {LongestKey} 3\r\n").AssertDone(Verb.MetaSet);
    }

    [Theory]
    [InlineData("mg {0}\r\n")]
    [InlineData("md {0} q\r\n")]
    [InlineData("ma {0}\r\n")]
    [InlineData("me {0}\r\n")]
    public void Key_AtAndAboveTheLimit_IsReadAndRejected(string format)
    {
        string above = format.Replace("{0}", LongestKey + "k", StringComparison.Ordinal);

        Assert.Equal(LongestKey, ParsedCommand.Read(format.Replace("{0}", LongestKey, StringComparison.Ordinal)).Key);
        ParsedCommand.Read(above).AssertRejected(ProtocolError.BadLineFormat);
    }

    // 250 is the limit of what is sent, and no multiple of four.
    [Theory]
    [InlineData("mg", 248, ProtocolError.None)]
    [InlineData("mg", 252, ProtocolError.BadLineFormat)]
    [InlineData("md", 248, ProtocolError.None)]
    [InlineData("md", 252, ProtocolError.BadLineFormat)]
    public void BinaryKey_AroundTheLimit_CountsAsItIsWritten(string name, int length, object error) =>
        Assert.Equal((ProtocolError)error, ParsedCommand.Read($"{name} {new string('A', length)} b\r\n").Error);

    [Theory]
    [InlineData(31, ProtocolError.None)]
    [InlineData(32, ProtocolError.OpaqueTooLong)]
    public void Opaque_AroundTheLimit_IsReadAndRejected(int length, object error) =>
        Assert.Equal((ProtocolError)error, ParsedCommand.Read($"mg key O{new string('o', length)}\r\n").Error);

    [Theory]
    [InlineData("mg key s t c f v h l k q u O1 P1 L1 I x M1 F1 D1\r\n", ProtocolError.None)]
    [InlineData("mg key s t c f v h l k q u O1 P1 L1 I x M1 F1 D1 J1\r\n", ProtocolError.TooManyFlags)]
    [InlineData("ms key 1 s t c f v h l k q u O1 P1 L1 I x F1 D1\r\n", ProtocolError.None)]
    [InlineData("ms key 1 s t c f v h l k q u O1 P1 L1 I x F1 D1 J1\r\n", ProtocolError.TooManyFlags)]
    public void Flags_AroundTheLimit_AreReadAndRejected(string line, object error) =>
        Assert.Equal((ProtocolError)error, ParsedCommand.Read(line).Error);
}
