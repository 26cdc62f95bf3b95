using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Tests.Doubles;
using Granary.Tests.Shared.Processes;

namespace Granary.Memcached.Tests.Binary;

/// <summary>memcached itself, with SASL, answers what the cases say that Granary answers.</summary>
public sealed class SaslDifferentialTests
{
    [Fact]
    public async Task Memcached_WithSasl_AnswersAsTheCasesSayAsync()
    {
        string folder = CreateUsers();
        await using MemcachedProcess memcached = await MemcachedProcess.StartWithSaslAsync(folder);

        foreach ((string name, string expected) in SaslCases.All.Select(static row => row.Data))
        {
            bool closes = expected.EndsWith(SaslCases.Closed, StringComparison.Ordinal);
            string answer = await AskAsync(memcached.Port, SaslCases.RequestOf(name), closes);

            Assert.Equal((name, expected), (name, answer));
        }
    }

    // Where the request does not close the connection, a quit behind it does: answered or refused, as it may be.
    private static async Task<string> AskAsync(int port, byte[] request, bool closes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var client = new TestClient(new NetworkStream(socket, ownsSocket: true));
        await client.SendAsync(closes ? request : (byte[])[.. request, .. Ask.For(BinaryOpcode.Quit)]);
        IEnumerable<BinaryReply> replies = BinaryReply.ReadAll(await client.ReceiveAllAsync());
        return SaslCases.Describe(closes ? replies : replies.SkipLast(1), closes);
    }

    // What Debian's memcached asks is Cyrus SASL's own database.
    private static string CreateUsers()
    {
        string program = RequiredProgram.Locate("saslpasswd2");
        string folder = ChildProcess.CreateFolder();
        string database = Path.Combine(folder, "sasldb");
        File.WriteAllText(Path.Combine(folder, "memcached.conf"), $"mech_list: plain\nsasldb_path: {database}\n");
        foreach ((string user, string password) in new[] { ("user", "password"), ("ann", "b:c") })
        {
            var start = new ProcessStartInfo(program, ["-p", "-c", "-f", database, "-a", "memcached", user])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
            };
            using Process process = Process.Start(start)!;
            process.StandardInput.Write(password);
            process.StandardInput.Close();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }

        return folder;
    }
}
