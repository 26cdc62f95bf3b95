using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>Parsing and writing make no garbage.</summary>
public sealed class CommandParserAllocationTests
{
    private const int Rounds = 100_000;

    [Fact]
    public void TryRead_HundredThousandTimes_AllocatesNothing()
    {
        ReadOnlySpan<byte> stream =
            "get key\r\nset key 1 2 3\r\ngets a b c\r\nincr key 1\r\ndelete key 10\r\nset key x 0 1\r\nnosuch\r\n"u8;
        Parse(stream, Rounds);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int keyBytes = Parse(stream, Rounds);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.True(keyBytes > 0);
    }

    [Fact]
    public void WriteValueHeader_HundredThousandTimes_AllocatesNothing()
    {
        Span<byte> destination = stackalloc byte[ReplyWriter.MaxValueHeaderLength];
        ReplyWriter.WriteValueHeader(destination, "key"u8, 1, 2, 3);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            ReplyWriter.WriteValueHeader(destination, "key"u8, uint.MaxValue, round, ulong.MaxValue);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Parse(ReadOnlySpan<byte> stream, int rounds)
    {
        int keyBytes = 0;
        int offset = 0;
        for (int round = 0; round < rounds; round++)
        {
            offset = offset == stream.Length ? 0 : offset;
            CommandParser.TryRead(stream[offset..], out Command command, out int consumed);
            foreach (ReadOnlySpan<byte> key in command.Keys)
            {
                keyBytes += key.Length;
            }

            offset += consumed;
        }

        return keyBytes;
    }
}
