using System.Text;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>Answers, split at every byte.</summary>
public sealed class MemcachedReplyTests
{
    [Theory]
    [InlineData("STORED\r\n", Answer.Done, ErrorKind.None)]
    [InlineData("DELETED\r\n", Answer.Done, ErrorKind.None)]
    [InlineData("TOUCHED\r\n", Answer.Done, ErrorKind.None)]
    [InlineData("END\r\n", Answer.NotDone, ErrorKind.None)]
    [InlineData("NOT_STORED\r\n", Answer.NotDone, ErrorKind.None)]
    [InlineData("NOT_FOUND\r\n", Answer.NotDone, ErrorKind.None)]
    [InlineData("EXISTS\r\n", Answer.Conflict, ErrorKind.None)]
    [InlineData("SERVER_ERROR busy\r\n", Answer.Refused, ErrorKind.ServerError)]
    [InlineData("SERVER_ERROR outcome unknown: lost\r\n", Answer.Unknown, ErrorKind.ServerError)]
    [InlineData("ERROR\r\n", Answer.Unknown, ErrorKind.Unexpected)]
    [InlineData("VALUE k 0 2 7\r\nabc\r\nEND\r\n", Answer.Unknown, ErrorKind.Unexpected)]
    [InlineData("VALUE k 0 2\r\nab\r\nEND\r\n", Answer.Unknown, ErrorKind.Unexpected)]
    internal void Reply_OfALine_IsWhatItSays(string received, Answer answer, ErrorKind error)
    {
        Assert.True(MemcachedReply.TryParse(Encoding.ASCII.GetBytes(received), out Reply reply));

        Assert.Equal(answer, reply.Answer);
        Assert.Equal(error, reply.Error);
    }

    [Fact]
    public void Reply_OfAValue_IsReadWhenItIsComplete()
    {
        byte[] received = "VALUE key 77 4 123456789\r\n\r\n\0x\r\nEND\r\n"u8.ToArray();
        for (int length = 0; length < received.Length; length++)
        {
            Assert.False(MemcachedReply.TryParse(received.AsMemory(0, length), out _), $"Complete at {length}.");
        }

        Assert.True(MemcachedReply.TryParse(received, out Reply reply));
        Assert.Equal("\r\n\0x"u8.ToArray(), reply.Value.ToArray());
        Assert.Equal(77u, reply.Flags);
        Assert.Equal(123456789ul, reply.Cas);
    }

    [Fact]
    public void Reply_OfANumber_IsTheNumber()
    {
        Assert.True(MemcachedReply.TryParse("18446744073709551615\r\n"u8.ToArray(), out Reply reply));

        Assert.Equal(ulong.MaxValue, reply.Number);
    }

    [Fact]
    public void Reply_WithMoreBehindIt_IsUnexpected()
    {
        Assert.True(MemcachedReply.TryParse("STORED\r\nSTORED\r\n"u8.ToArray(), out Reply reply));

        Assert.Equal(ErrorKind.Unexpected, reply.Error);
    }
}
