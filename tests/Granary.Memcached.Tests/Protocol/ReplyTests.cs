using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

public sealed class ReplyTests
{
    [Theory]
    [InlineData(ProtocolError.None, "")]
    [InlineData(ProtocolError.UnknownCommand, "ERROR\r\n")]
    [InlineData(ProtocolError.BadLineFormat, "CLIENT_ERROR bad command line format\r\n")]
    [InlineData(
        ProtocolError.BadDeleteFormat,
        "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n")]
    [InlineData(ProtocolError.InvalidExpiration, "CLIENT_ERROR invalid exptime argument\r\n")]
    [InlineData(ProtocolError.InvalidDelta, "CLIENT_ERROR invalid numeric delta argument\r\n")]
    [InlineData(ProtocolError.LineTooLong, "CLIENT_ERROR line too long\r\n")]
    [InlineData(ProtocolError.BadDataChunk, "CLIENT_ERROR bad data chunk\r\n")]
    [InlineData(
        ProtocolError.NonNumericValue, "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n")]
    [InlineData(ProtocolError.ObjectTooLarge, "SERVER_ERROR object too large for cache\r\n")]
    [InlineData(ProtocolError.OutOfMemory, "SERVER_ERROR out of memory storing object\r\n")]
    [InlineData(ProtocolError.Busy, "SERVER_ERROR busy\r\n")]
    [InlineData(ProtocolError.FlushNotAllowed, "CLIENT_ERROR flush_all not allowed\r\n")]
    [InlineData(ProtocolError.InvalidFlag, "CLIENT_ERROR invalid flag\r\n")]
    [InlineData(ProtocolError.DuplicateFlag, "CLIENT_ERROR duplicate flag\r\n")]
    [InlineData(ProtocolError.InvalidOrDuplicateFlag, "CLIENT_ERROR invalid or duplicate flag\r\n")]
    [InlineData(ProtocolError.BadToken, "CLIENT_ERROR bad token in command line format\r\n")]
    [InlineData(ProtocolError.OpaqueTooLong, "CLIENT_ERROR opaque token too long\r\n")]
    [InlineData(ProtocolError.BadBase64, "CLIENT_ERROR error decoding key\r\n")]
    [InlineData(ProtocolError.TooManyFlags, "CLIENT_ERROR options flags are too long\r\n")]
    [InlineData(ProtocolError.InvalidSetMode, "CLIENT_ERROR invalid mode for ms M token\r\n")]
    [InlineData(ProtocolError.InvalidArithmeticMode, "CLIENT_ERROR invalid mode for ma M token\r\n")]
    [InlineData(ProtocolError.Unauthenticated, "CLIENT_ERROR unauthenticated\r\n")]
    [InlineData(ProtocolError.AuthenticationFailure, "CLIENT_ERROR authentication failure\r\n")]
    [InlineData(ProtocolError.AuthenticationTokenTooLong, "CLIENT_ERROR auth token too long\r\n")]
    [InlineData(ProtocolError.BadAuthenticationToken, "CLIENT_ERROR bad authentication token format\r\n")]
    [InlineData(ProtocolError.BadLineTermination, "CLIENT_ERROR bad command line termination\r\n")]
    [InlineData(ProtocolError.TooManyConnections, "ERROR Too many open connections\r\n")]
    public void For_Error_IsMemcachedsLine(object error, string expected)
    {
        Assert.Equal(expected, Encoding.Latin1.GetString(Reply.For((ProtocolError)error)));
    }

    [Fact]
    public void For_EveryErrorButNone_IsOneLine()
    {
        foreach (ProtocolError error in Enum.GetValues<ProtocolError>())
        {
            ReadOnlySpan<byte> line = Reply.For(error);

            Assert.Equal(error == ProtocolError.None, line.IsEmpty);
            Assert.Equal(line.Length - 1, line.IndexOf((byte)'\n'));
        }
    }

    [Fact]
    public void FixedReplies_AreMemcachedsBytes()
    {
        Assert.True(Reply.Stored.SequenceEqual("STORED\r\n"u8));
        Assert.True(Reply.NotStored.SequenceEqual("NOT_STORED\r\n"u8));
        Assert.True(Reply.Exists.SequenceEqual("EXISTS\r\n"u8));
        Assert.True(Reply.NotFound.SequenceEqual("NOT_FOUND\r\n"u8));
        Assert.True(Reply.Deleted.SequenceEqual("DELETED\r\n"u8));
        Assert.True(Reply.Touched.SequenceEqual("TOUCHED\r\n"u8));
        Assert.True(Reply.Ok.SequenceEqual("OK\r\n"u8));
        Assert.True(Reply.End.SequenceEqual("END\r\n"u8));
        Assert.True(Reply.Reset.SequenceEqual("RESET\r\n"u8));
    }
}
