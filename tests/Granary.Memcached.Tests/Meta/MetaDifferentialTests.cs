using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Tests.Shared.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Meta;

/// <summary>
/// memcached itself answers as Granary does, but for what <see cref="AnswerNormalizer"/> lists. What 1.6.18 does not know yet
/// is left out here and has tests of its own: E, x, s of ms, N of ms, C of mg, modes of more than a letter.
/// </summary>
public sealed class MetaDifferentialTests
{
    private const int Sequences = 4000;
    private const int CommandsPerSequence = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sequences_OfMetaAndClassicCommands_AreAnsweredAlikeAsync(int seed)
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        await socket.ConnectAsync(IPAddress.Loopback, memcached.Port, TestContext.Current.CancellationToken);
        using var cache = new TestCache(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var granary = new Conversation(new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider()));
        var random = new Random(seed);
        var generator = new CommandGenerator(random);
        for (int number = 0; number < Sequences; number++)
        {
            string[] keys = [$"a{number}", $"b{number}"];
            Compare(generator, keys, command => Ask(socket, command), command => granary.Send(command + "mn\r\n"));
        }
    }

    private static void Compare(
        CommandGenerator generator, string[] keys, Func<string, string> memcached, Func<string, string> granary)
    {
        var theirs = new AnswerNormalizer();
        var ours = new AnswerNormalizer();
        var history = new StringBuilder();
        theirs.Normalize("", Send("md AAECDQo= b|", keys[0], memcached));
        ours.Normalize("", Send("md AAECDQo= b|", keys[0], granary));
        for (int number = 0; number < CommandsPerSequence; number++)
        {
            (string key, string command) = generator.Next(keys);
            string expected = theirs.Normalize(command, Send(command, key, memcached));
            string answer = ours.Normalize(command, Send(command, key, granary));
            history.Append(CultureInfo.InvariantCulture, $"\n{command} -> {expected}");
            if (expected != answer && IsNumberBeforeABlank(answer, key, granary))
            {
                return; // from here on they have different values
            }

            Assert.True(expected == answer, $"After{history}\nGranary says {answer}");
        }
    }

    // A difference that AnswerNormalizer lists.
    private static bool IsNumberBeforeABlank(string answer, string key, Func<string, string> granary) =>
        answer.StartsWith("CLIENT_ERROR cannot", StringComparison.Ordinal)
        && Send($"get {key}|", key, granary).Split('|') is [_, var value, ..]
        && value.Trim().Contains(' ', StringComparison.Ordinal);

    // With the cas that the key has there, if the command asks for it.
    private static string Send(string command, string key, Func<string, string> server)
    {
        if (command.Contains('@', StringComparison.Ordinal))
        {
            string debug = server(key.EndsWith('=') ? $"me {key} b\r\n" : $"me {key}\r\n");
            string text = debug.Split(" cas=") is [_, var rest] ? rest.Split(' ')[0] : "7";
            ulong cas = ulong.Parse(text, CultureInfo.InvariantCulture);
            command = command.Replace("@-", $"{cas - 1}", StringComparison.Ordinal)
                .Replace("@+", $"{cas + 1}", StringComparison.Ordinal)
                .Replace("@", $"{cas}", StringComparison.Ordinal);
        }

        return server(command.Replace("|", "\r\n", StringComparison.Ordinal))
            .Replace("\r\n", "|", StringComparison.Ordinal)[..^"MN|".Length];
    }

    private static string Ask(Socket socket, string command)
    {
        socket.Send(Encoding.Latin1.GetBytes(command + "mn\r\n"));
        byte[] buffer = new byte[4096];
        int received = 0;
        while (!buffer.AsSpan(0, received).EndsWith("MN\r\n"u8))
        {
            int count = socket.Receive(buffer, received, buffer.Length - received, SocketFlags.None);
            Assert.True(count > 0, $"memcached has closed the connection after {command}");
            received += count;
        }

        return Encoding.Latin1.GetString(buffer, 0, received);
    }
}
