using System.Text;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Limits;

/// <summary>What no good client sends: it is answered or closed, and the silo serves the next client.</summary>
[Collection(ProcessCollection.Name)]
public sealed class BadInputTests(SingleSilo fixture) : IClassFixture<SingleSilo>
{
    private const int MaxItemBytes = 1 << 20; // the default of --max-item

    [Fact]
    public async Task Key_OfOneByteTooMany_IsRefusedAndItsValueSwallowedAsync()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
        string longest = new('k', 250);

        Assert.Equal("STORED", await connection.CommandAsync($"set {longest} 0 0 1\r\na"));
        // The value reads like a command: it must not be run.
        Assert.Equal(
            "CLIENT_ERROR bad command line format", await connection.CommandAsync($"set {longest}k 0 0 9\r\nflush_all"));
        Assert.Equal("a"u8.ToArray(), await connection.GetAsync(longest));
        Assert.Equal("CLIENT_ERROR bad command line format", await connection.CommandAsync($"get {longest}k"));
        await fixture.AssertServesAsync();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2147483646")]
    [InlineData("4294967296")]
    [InlineData("1x")]
    public async Task Length_ThatIsNone_IsRefusedAsync(string length)
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);

        Assert.Equal("CLIENT_ERROR bad command line format", await connection.CommandAsync($"set length 0 0 {length}"));
        Assert.Null(await connection.GetAsync("length"));
        await fixture.AssertServesAsync();
    }

    [Theory]
    [InlineData("set", false)]
    [InlineData("add", true)]
    [InlineData("replace", true)]
    public async Task Value_OfOneByteTooMany_IsRefusedAsync(string verb, bool keepsOldValue)
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
        byte[] longest = new byte[MaxItemBytes];
        new Random(1).NextBytes(longest);

        Assert.Equal("STORED", await connection.StoreAsync("set limit 0 0", longest));
        Assert.Equal(longest, await connection.GetAsync("limit"));
        Assert.Equal(
            "SERVER_ERROR object too large for cache",
            await connection.StoreAsync($"{verb} limit 0 0", new byte[MaxItemBytes + 1]));
        Assert.Equal(keepsOldValue ? longest : null, await connection.GetAsync("limit"));
        await fixture.AssertServesAsync();
    }

    [Fact]
    public async Task TwoGibibytes_Announced_AreRefusedAtOnceAndTakeNoMemoryAsync()
    {
        await fixture.AssertServesAsync();
        long residentBefore = fixture.Silo.ResidentBytes;
        byte[] part = new byte[1 << 20];

        using (RawConnection connection = await RawConnection.OpenAsync(fixture.Port))
        {
            Assert.Equal(
                "SERVER_ERROR object too large for cache", await connection.CommandAsync("set huge 0 0 2147483645"));
            for (int sent = 0; sent < 64; sent++)
            {
                await connection.SendAsync(part);
            }

            await fixture.AssertServesAsync();
            long growth = fixture.Silo.ResidentBytes - residentBefore;
            Assert.True(growth <= 32 << 20, $"Resident memory grew by {growth >> 10} KiB.");
        }

        await fixture.AssertServesAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100_000)] // over 64 KiB: collected by pages
    public async Task DataBlock_ThatDoesNotEndInCrLf_IsRefusedAndChangesNothingAsync(int length)
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
        Assert.Equal("STORED", await connection.CommandAsync("set chunk 0 0 3\r\nold"));

        await connection.SendAsync($"set chunk 0 0 {length}\r\n{new string('v', length + 2)}");

        Assert.Equal("CLIENT_ERROR bad data chunk", await connection.ReadLineAsync());
        Assert.Equal("old"u8.ToArray(), await connection.GetAsync("chunk"));
        await fixture.AssertServesAsync();
    }

    [Fact]
    public async Task Line_Of3000BytesWithoutEnd_ClosesAsync()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);

        await connection.SendAsync(new string('x', 3000));

        Assert.Equal("", await connection.ReadToEndAsync());
        await fixture.AssertServesAsync();
    }

    [Fact]
    public async Task Commands_ThatAreUnknown_AreErrorsAsync()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
        string[] lines = ["hello", "GET a", "getx a", "set2 a 0 0 1", "\0\0\0", "\xff\xfe", "shutdown now please"];

        foreach (string line in lines)
        {
            Assert.Equal("ERROR", await connection.CommandAsync(line));
        }

        Assert.Null(await connection.GetAsync("unknown"));
        await fixture.AssertServesAsync();
    }

    [Fact]
    public async Task HttpRequest_IsClosedWithoutAnAnswerAsync()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);

        await connection.SendAsync("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

        Assert.Equal("", await connection.ReadToEndAsync());
        await fixture.AssertServesAsync();
    }

    [Fact]
    public async Task Text_OnABinaryConnection_EndsItAsync()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
        byte[] getHello = [0x80, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5, .. new byte[12], .. "Hello"u8];

        await connection.SendAsync(getHello);
        await connection.SendAsync("version\r\n");

        Assert.EndsWith("Not found", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        await fixture.AssertServesAsync();
    }

    [Fact]
    public async Task TwoHundredConnections_ThatSendByteByByte_AreServedLikeAnotherClientAsync()
    {
        const int Count = 200;
        List<RawConnection> connections = [];
        try
        {
            for (int index = 0; index < Count; index++)
            {
                connections.Add(await RawConnection.OpenAsync(fixture.Port));
            }

            Task trickling = TrickleAsync(connections);
            int served = 0;
            for (; !trickling.IsCompleted || served == 0; served++)
            {
                await fixture.AssertServesAsync();
            }

            await trickling;
            for (int index = 0; index < Count; index++)
            {
                Assert.Equal("STORED", await connections[index].ReadLineAsync());
                byte[]? value = await connections[index].ReadValueAsync();
                Assert.Equal(ValueOf(index), Encoding.Latin1.GetString(value ?? []));
            }
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task TrickleAsync(List<RawConnection> connections)
    {
        string[] texts =
        [
            .. connections.Select((_, index) =>
                $"set trickle-{index:D3} 0 0 9\r\n{ValueOf(index)}\r\nget trickle-{index:D3}\r\n"),
        ];
        for (int position = 0; position < texts[0].Length; position++)
        {
            for (int index = 0; index < connections.Count; index++)
            {
                await connections[index].SendAsync(texts[index].Substring(position, 1));
            }
        }
    }

    private static string ValueOf(int index) => $"value-{index:D3}";
}
