using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Tests.Access;

namespace Granary.Memcached.Tests.Binary;

/// <summary>
/// What a binary client may say first, to a server with the users of <see cref="AuthenticationCases.UserFile"/>, and what it
/// is answered.
/// </summary>
internal static class SaslCases
{
    public const string Closed = "closed";

    private const string Right = "SaslAuthenticate Success Authenticated";
    private const string Failure = "SaslAuthenticate AuthenticationFailure Auth failure.";

    private static readonly Dictionary<string, (byte[] Request, string Answer)> Requests = new(StringComparer.Ordinal)
    {
        ["right"] = (Ask.Plain("user", "password"), Right),
        ["as himself"] = (Ask.Plain("user", "password", actor: "user"), Right),
        ["in small letters"] = (Ask.Plain("user", "password", mechanism: "plain"), Right),
        ["another password"] = (Ask.Plain("user", "passwore"), Failure),
        ["a shorter password"] = (Ask.Plain("user", "passwor"), Failure),
        ["no password"] = (Ask.Plain("user", ""), Failure),
        ["another user"] = (Ask.Plain("nobody", "password"), Failure),
        ["no message"] = (Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN"), "SaslAuthenticate AuthenticationContinues"),
        ["a message of one word"] = (Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN", "user"), Failure),
        ["a mechanism that there is not"] = (Ask.Plain("user", "password", mechanism: "NO-SUCH"), Failure),
        ["a step without a beginning"] = (Ask.For(BinaryOpcode.SaslStep, "PLAIN", "\0user\0password"),
            "SaslStep AuthenticationFailure Auth failure."),
        ["in two steps"] = (
            [.. Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN"), .. Ask.For(BinaryOpcode.SaslStep, "PLAIN", "\0user\0password")],
            "SaslAuthenticate AuthenticationContinues|SaslStep Success Authenticated"),
        ["a wrong step"] = (
            [.. Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN"), .. Ask.For(BinaryOpcode.SaslStep, "PLAIN", "\0user\0no")],
            "SaslAuthenticate AuthenticationContinues|SaslStep AuthenticationFailure Auth failure."),
        ["wrong, then right"] = ([.. Ask.Plain("user", "no"), .. Ask.Plain("user", "password")], $"{Failure}|{Right}"),
        ["get"] = Refused(Ask.Get("k"), "Get"),
        ["a quiet get"] = Refused(Ask.Get("k", BinaryOpcode.GetQuiet), "GetQuiet"),
        ["set"] = Refused(Ask.Set("k", "a"), "Set"),
        ["a quiet set"] = Refused(Ask.Store(BinaryOpcode.SetQuiet, "k", "a"), "SetQuiet"),
        ["noop"] = Refused(Ask.NoOp(), "NoOp"),
        ["quit"] = Refused(Ask.For(BinaryOpcode.Quit), "Quit"),
        ["stat"] = Refused(Ask.For(BinaryOpcode.Stat), "Stat"),
        ["flush"] = Refused(Ask.For(BinaryOpcode.Flush), "Flush"),
        ["what there is not"] = Refused(Ask.Header((BinaryOpcode)0x60), "96"),
        ["no mechanism"] = (Ask.For(BinaryOpcode.SaslAuthenticate, "", "\0user\0password"),
            $"SaslAuthenticate InvalidArguments Invalid arguments|{Closed}"),
        ["mechanisms of something"] = (Ask.For(BinaryOpcode.SaslMechanisms, "PLAIN"),
            $"SaslMechanisms InvalidArguments Invalid arguments|{Closed}"),
        ["parts longer than the whole"] = ([.. Ask.Header(BinaryOpcode.Get, keyLength: 5), .. "12345"u8],
            $"Get UnknownCommand Unknown command|{Closed}"),
        ["another magic"] = ([.. Ask.Plain("user", "no"), .. "get k\r\nget k\r\nget k\r\nget k\r\n"u8], $"{Failure}|{Closed}"),
    };

    /// <summary>Names of the cases, and the answers: replies, and whether the connection was closed, with bars between.</summary>
    public static TheoryData<string, string> All =>
        new(Requests.Select(static one => new TheoryDataRow<string, string>(one.Key, one.Value.Answer)));

    public static byte[] RequestOf(string name) => Requests[name].Request;

    public static string Describe(IEnumerable<BinaryReply> replies, bool isClosed) => string.Join(
        '|', [.. replies.Select(static reply => reply.ToString()), .. isClosed ? [Closed] : Array.Empty<string>()]);

    private static (byte[] Request, string Answer) Refused(byte[] request, string opcode) =>
        (request, $"{opcode} AuthenticationFailure Auth failure.|{Closed}");
}
