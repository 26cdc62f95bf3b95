using System.Buffers;
using System.Text;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Binary;

/// <summary>What the parser takes off a buffer, and that neither it nor a session makes garbage of common requests.</summary>
public sealed class BinaryParserTests
{
    [Fact]
    public void TryRead_OfAWholeRequest_TellsItsPartsAndLeavesTheValue()
    {
        byte[] bytes = [.. Ask.For(BinaryOpcode.AddQuiet, "key", "value", [1, 2, 3, 4, 5, 6, 7, 8], 9, 10), .. Ask.NoOp()];

        OperationStatus status = BinaryParser.TryRead(bytes, out BinaryRequest request, out int consumed);

        Assert.Equal((OperationStatus.Done, BinaryHeader.Length + 8 + 3), (status, consumed));
        Assert.Equal((BinaryOpcode.Add, true), (request.Command, request.Header.IsQuiet));
        Assert.Equal("key", Encoding.ASCII.GetString(request.Key));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], request.Extras.ToArray());
        Assert.Equal((5u, 9ul, 10u), (request.ValueLength, request.Header.Cas, request.Header.Opaque));
        Assert.True(BinaryParser.TryReadValue(bytes, request, ref consumed, out ReadOnlySpan<byte> value));
        Assert.Equal("value", Encoding.ASCII.GetString(value));
        Assert.Equal(bytes.Length - BinaryHeader.Length, consumed);
    }

    [Fact]
    public void TryRead_OfARequestCutAnywhere_WantsMore()
    {
        byte[] bytes = Ask.Touch("key", 5);
        for (int length = 0; length < bytes.Length; length++)
        {
            OperationStatus status = BinaryParser.TryRead(bytes.AsSpan(0, length), out _, out int consumed);

            Assert.Equal((OperationStatus.NeedMoreData, 0), (status, consumed));
        }
    }

    [Fact]
    public void TryReadValue_OfAValueCutAnywhere_WantsMore()
    {
        byte[] bytes = Ask.Append("key", "value");
        for (int length = BinaryHeader.Length + 3; length < bytes.Length; length++)
        {
            BinaryParser.TryRead(bytes, out BinaryRequest request, out int consumed);

            Assert.False(BinaryParser.TryReadValue(bytes.AsSpan(0, length), request, ref consumed, out _));
            Assert.Equal(0, consumed);
        }
    }

    [Theory]
    [InlineData((byte)BinaryOpcode.GetQuiet, (byte)BinaryOpcode.Get)]
    [InlineData((byte)BinaryOpcode.GetKeyQuiet, (byte)BinaryOpcode.GetKey)]
    [InlineData((byte)BinaryOpcode.SetQuiet, (byte)BinaryOpcode.Set)]
    [InlineData((byte)BinaryOpcode.AddQuiet, (byte)BinaryOpcode.Add)]
    [InlineData((byte)BinaryOpcode.ReplaceQuiet, (byte)BinaryOpcode.Replace)]
    [InlineData((byte)BinaryOpcode.DeleteQuiet, (byte)BinaryOpcode.Delete)]
    [InlineData((byte)BinaryOpcode.IncrementQuiet, (byte)BinaryOpcode.Increment)]
    [InlineData((byte)BinaryOpcode.DecrementQuiet, (byte)BinaryOpcode.Decrement)]
    [InlineData((byte)BinaryOpcode.QuitQuiet, (byte)BinaryOpcode.Quit)]
    [InlineData((byte)BinaryOpcode.FlushQuiet, (byte)BinaryOpcode.Flush)]
    [InlineData((byte)BinaryOpcode.AppendQuiet, (byte)BinaryOpcode.Append)]
    [InlineData((byte)BinaryOpcode.PrependQuiet, (byte)BinaryOpcode.Prepend)]
    [InlineData((byte)BinaryOpcode.GetAndTouchQuiet, (byte)BinaryOpcode.GetAndTouch)]
    [InlineData((byte)BinaryOpcode.GetKeyAndTouchQuiet, (byte)BinaryOpcode.GetKeyAndTouch)]
    public void Command_OfAQuietOpcode_IsTheOtherOne(byte quiet, byte command)
    {
        var header = new BinaryHeader((BinaryOpcode)quiet, 0, 0, 0, 0, 0);

        Assert.Equal(((BinaryOpcode)command, true), (header.Command, header.IsQuiet));
        header = header with { Opcode = (BinaryOpcode)command };
        Assert.Equal(((BinaryOpcode)command, false), (header.Command, header.IsQuiet));
    }

    [Fact]
    public void Requests_OnThisSilo_AllocateNothing()
    {
        byte[] input =
        [
            .. Ask.Set("k", "ab", 5, 100), .. Ask.Get("k"), .. Ask.Get("k", BinaryOpcode.GetKeyQuiet), .. Ask.Get("no"),
            .. Ask.Get("no", BinaryOpcode.GetKey), .. Ask.Touch("k", 9), .. Ask.Touch("k", 9, BinaryOpcode.GetAndTouch),
            .. Ask.Append("k", "c"), .. Ask.Append("k", "c", 9), .. Ask.Store(BinaryOpcode.AddQuiet, "k", "x"),
            .. Ask.Store(BinaryOpcode.SetQuiet, "n", "5"), .. Ask.Increment("n", 1), .. Ask.Increment("new", 1, 5, 9),
            .. Ask.Decrement("k", 1), .. Ask.Delete("new", 1 << 30), .. Ask.Delete("k"), .. Ask.For((BinaryOpcode)0x70, value: "xyz"),
            .. Ask.For(BinaryOpcode.Version), .. Ask.NoOp(),
        ];

        SessionAllocations.AssertNone(input);
    }
}
