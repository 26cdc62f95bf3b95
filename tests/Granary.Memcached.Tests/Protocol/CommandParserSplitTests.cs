using System.Text;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>A line may arrive in any number of segments (rule 1.5).</summary>
public sealed class CommandParserSplitTests
{
    public static TheoryData<string> Lines { get; } =
    [
        "get a\r\n",
        "get a bb ccc\n",
        "gets key\r\n",
        "gat 10 key other\r\n",
        "gats -1 key\r\n",
        "set key 1 2 3\r\n",
        "set key 4294967295 9223372036854775807 2147483645 noreply\r\n",
        "add key 1 2 3 noreply\r\n",
        "replace key 1 2 3\n",
        "append key 1 2 3\r\n",
        "prepend key 1 2 3\r\n",
        "cas key 1 2 3 18446744073709551615 noreply\r\n",
        "incr key 1\r\n",
        "decr key 18446744073709551615 noreply\r\n",
        "touch key 10\r\n",
        "delete key 0 noreply\r\n",
        "flush_all 10 noreply\r\n",
        "stats items\r\n",
        "version\r\n",
        "verbosity 1\r\n",
        "quit\r\n",
        "\r\n",
        "nosuch command\r\n",
        "set key x 0 3\r\n",
        "delete a b c d e\r\n",
        "GET / HTTP/1.1\r\n",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void TryRead_SplitAtEveryByte_SaysTheSameOnceComplete(string line)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(line);
        ParsedCommand whole = ParsedCommand.Read(bytes);

        for (int length = 0; length < bytes.Length; length++)
        {
            ParsedCommand.Read(bytes.AsSpan(0, length)).AssertNeedsMoreData();
        }

        Assert.Equal(bytes.Length, whole.Consumed);
        Assert.Equal(whole, ParsedCommand.Read([.. bytes, .. "get next\r\n"u8]));
    }
}
