namespace Granary.Memcached.Tests.Access;

/// <summary>What a client may say first, to a server with the user file "user:password", and what it is answered.</summary>
internal static class AuthenticationCases
{
    public const string UserFile = "user:password\nann:b:c\n";

    public const string Authenticate = "set k 0 0 13\r\nuser password\r\n";

    public const string Unauthenticated = "CLIENT_ERROR unauthenticated\r\n";

    private const string Stored = "STORED\r\n";
    private const string Failure = "CLIENT_ERROR authentication failure\r\n";
    private const string BadFormat = "CLIENT_ERROR bad authentication token format\r\n";
    private const string BadTermination = "CLIENT_ERROR bad command line termination\r\n";

    /// <summary>Each has one line of answer; none closes the connection.</summary>
    public static TheoryData<string, string> All { get; } = new()
    {
        { Authenticate, Stored },
        { "set k 0 0 13 noreply\r\nuser password\r\n", Stored },
        { "set k x -y 13 1 2 3\r\nuser password\r\n", Stored },
        { "  set  k 0  0 13  \r\nuser password\r\n", Stored },
        { "set k 0 0 013\nuser password\r\n", Stored },
        { "set k 0 0 16\r\n user  password \r\n", Stored },
        { "set k 0 0 15\r\nuser password x\r\n", Stored },
        { $"set {new string('k', 300)} 0 0 13\r\nuser password\r\n", Stored },
        { $"set k 0 0 1024\r\n{"user password",-1024}\r\n", Stored },
        { "set k 0 0 7\r\nann b:c\r\n", Stored },
        { "set k 0 0 13\r\nuser passwore\r\n", Failure },
        { "set k 0 0 13\r\nUser password\r\n", Failure },
        { "set k 0 0 12\r\nuser passwor\r\n", Failure },
        { "set k 0 0 14\r\nuser passwordd\r\n", Failure },
        { "set k 0 0 13\r\npassword user\r\n", Failure },
        { "set k 0 0 7\r\nann:b c\r\n", Failure },
        { "set k 0 0 13\r\nuser:password\r\n", BadFormat },
        { "set k 0 0 13\r\nuser\tpassword\r\n", BadFormat },
        { "set k 0 0 0\r\n\r\n", BadFormat },
        { "set k 0 0 1\r\n \r\n", BadFormat },
        { "set k 0 0 5\r\nuser \r\n", BadFormat },
        { "set k 0 0 13\r\nuser password\n\n", BadTermination },
        { "set k 0 0 11\r\nuser password", BadTermination },
        { "get k\r\n", Unauthenticated },
        { "quit\r\n", Unauthenticated },
        { "version\r\n", Unauthenticated },
        { "stats\r\n", Unauthenticated },
        { "flush_all\r\n", Unauthenticated },
        { "\r\n", Unauthenticated },
        { "a\n", Unauthenticated },
        { "GET / HTTP/1.1\r\n", Unauthenticated },
        { "add k 0 0 13\r\n", Unauthenticated },
        { "ms k 13\r\n", Unauthenticated },
        { "SET k 0 0 13\r\n", Unauthenticated },
        { "set\r\n", Unauthenticated },
        { "set k 0 0\r\n", Unauthenticated },
        { "set k 0 0 x\r\n", Unauthenticated },
        { "set k 0 0 -1\r\n", Unauthenticated },
        { $"get {new string('k', 3000)}\r\n", Unauthenticated },
    };
}
