using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>Which ends of a connection are errors, against a server of the test's own.</summary>
public sealed class MemcachedCallerTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MemcachedCaller _caller;

    public MemcachedCallerTests()
    {
        _listener.Start();
        var endpoints = new Endpoints();
        endpoints.Set((IPEndPoint)_listener.LocalEndpoint);
        _caller = new MemcachedCaller(endpoints, first: 0, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Command_WhenTheServerHasClosedBefore_GoesToANewConnectionAsync()
    {
        Task<Reply> first = SendAsync();
        using (Socket connection = await AcceptAsync())
        {
            await AnswerAsync(connection, "STORED\r\n");
            await first;
        }

        Task<Reply> second = SendAsync();
        using Socket next = await AcceptAsync();
        await AnswerAsync(next, "STORED\r\n");

        Assert.Equal(Answer.Done, (await second).Answer);
        Assert.Equal(1, _caller.Reconnects);
    }

    [Theory]
    [InlineData("")]
    [InlineData("STOR")]
    public async Task Command_WhenTheServerClosesBehindIt_HasAnUnknownOutcomeAsync(string answer)
    {
        Task<Reply> sending = SendAsync();
        using (Socket connection = await AcceptAsync())
        {
            await AnswerAsync(connection, answer);
        }

        Reply reply = await sending;

        Assert.Equal((Answer.Unknown, ErrorKind.Unanswered), (reply.Answer, reply.Error));
    }

    [Fact]
    public async Task Command_ThatIsAbandoned_HasTimedOutAsync()
    {
        Task<Reply> sending = SendAsync();
        using Socket connection = await AcceptAsync();
        await ReceiveAsync(connection);

        _caller.Abandon();
        Reply reply = await sending;

        Assert.Equal((Answer.Unknown, ErrorKind.TimedOut), (reply.Answer, reply.Error));
    }

    [Fact]
    public async Task Bytes_WithoutACommand_AreUnexpectedAsync()
    {
        Task<Reply> first = SendAsync();
        using Socket connection = await AcceptAsync();
        await AnswerAsync(connection, "STORED\r\n");
        await first;
        await connection.SendAsync("STORED\r\n"u8.ToArray());

        Reply reply = await SendAsync();

        Assert.Equal((Answer.Refused, ErrorKind.Unexpected), (reply.Answer, reply.Error));
    }

    [Fact]
    public async Task Commands_OfEveryKind_AreWrittenByTheProtocolAsync()
    {
        ReadOnlyMemory<byte> key = "k"u8.ToArray();
        ReadOnlyMemory<byte> value = "vv"u8.ToArray();
        (Operation Operation, string Text)[] commands =
        [
            (Operation.Get(key), "gets k\r\n"),
            (Operation.Set(key, value, flags: 5, lifetimeSeconds: 6), "set k 5 6 2\r\nvv\r\n"),
            (Operation.Add(key, value), "add k 0 0 2\r\nvv\r\n"),
            (Operation.Append(key, value), "append k 0 0 2\r\nvv\r\n"),
            (Operation.CompareAndSet(key, value, cas: 9), "cas k 0 0 2 9\r\nvv\r\n"),
            (Operation.Increment(key), "incr k 1\r\n"),
            (Operation.Touch(key, lifetimeSeconds: 7), "touch k 7\r\n"),
            (Operation.Delete(key), "delete k\r\n"),
        ];
        Socket? connection = null;
        foreach ((Operation operation, string text) in commands)
        {
            Task<Reply> sending = _caller.ExecuteAsync(operation).AsTask();
            connection ??= await AcceptAsync();
            string received = await ReceiveAsync(connection);
            await connection.SendAsync("NOT_FOUND\r\n"u8.ToArray());

            Assert.Equal(text, received);
            Assert.Equal(Answer.NotDone, (await sending).Answer);
        }

        connection!.Dispose();
    }

    public void Dispose()
    {
        _caller.Dispose();
        _listener.Dispose();
    }

    private Task<Reply> SendAsync() =>
        _caller.ExecuteAsync(Operation.Set("key"u8.ToArray(), "value"u8.ToArray())).AsTask();

    private Task<Socket> AcceptAsync() => _listener.AcceptSocketAsync();

    private static async Task AnswerAsync(Socket connection, string answer)
    {
        await ReceiveAsync(connection);
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
    }

    private static async Task<string> ReceiveAsync(Socket connection)
    {
        byte[] buffer = new byte[1024];
        int length = await connection.ReceiveAsync(buffer);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
