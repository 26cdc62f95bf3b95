using System.Net;
using System.Text;
using Granary.Memcached.Server;

namespace Granary.Silo.Settings;

/// <summary>The options of the memcached port, read and checked.</summary>
internal sealed class MemcachedSettings(IConfiguration configuration)
{
    private const int MaxSeconds = 365 * 24 * 60 * 60;

    // Of sockaddr_un, the zero at its end not counted.
    private const int MaxSocketPathBytes = 107;

    private const int MaxMode = 0x1FF; // 0777

    /// <summary>Where it listens by TCP; none if it does not.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; } = SiloSettings.Switch(configuration, MemcachedOptions.Tcp)
        ? AddressesOf(configuration)
        : [];

    /// <summary>Whether it has addresses of its own.</summary>
    public bool HasOwnAddresses { get; } = configuration[MemcachedOptions.Bind.Key] is not null;

    /// <summary>A full path; <see langword="null"/> for none.</summary>
    public string? Socket { get; } = SocketOf(configuration);

    public UnixFileMode SocketMode { get; } = ModeOf(configuration);

    /// <summary>A full path; <see langword="null"/> for that of the credentials.</summary>
    public string? Users { get; } = configuration[MemcachedOptions.Users.Key] is { Length: > 0 } file ? Path.GetFullPath(file) : null;

    public ServedProtocols Protocols { get; } = SiloSettings.Text(configuration, MemcachedOptions.Protocol) switch
    {
        "auto" => ServedProtocols.Any,
        "text" => ServedProtocols.Text,
        "binary" => ServedProtocols.Binary,
        string text => throw SiloSettings.Wrong(MemcachedOptions.Protocol, text, "it must be auto, text or binary"),
    };

    public bool AllowsFlush { get; } = SiloSettings.Switch(configuration, MemcachedOptions.Flush);

    public bool AllowsDumps { get; } = SiloSettings.Switch(configuration, MemcachedOptions.Dumps);

    public bool AllowsWatches { get; } = SiloSettings.Switch(configuration, MemcachedOptions.Watch);

    /// <summary><see langword="null"/> if nothing is counted by prefix until a client asks for it.</summary>
    public char? PrefixDelimiter { get; } = SiloSettings.Text(configuration, MemcachedOptions.PrefixDelimiter) switch
    {
        "" => null,
        [>= '!' and <= '~' and var delimiter] => delimiter,
        string text => throw SiloSettings.Wrong(MemcachedOptions.PrefixDelimiter, text, "it must be a character of ASCII"),
    };

    public int RequestsPerTurn { get; } = SiloSettings.Number(configuration, MemcachedOptions.RequestsPerTurn, 0, 1_000_000);

    public TimeSpan IdleTime { get; } = Seconds(configuration, MemcachedOptions.IdleTimeout);

    public TimeSpan MaxAge { get; } = Seconds(configuration, MemcachedOptions.MaxAge);

    public bool WaitsWhenFull { get; } = SiloSettings.Text(configuration, MemcachedOptions.Full) switch
    {
        "refuse" => false,
        "wait" => true,
        string text => throw SiloSettings.Wrong(MemcachedOptions.Full, text, "it must be refuse or wait"),
    };

    public int Backlog { get; } = SiloSettings.Number(configuration, MemcachedOptions.Backlog, 1, 65_535);

    public long BufferBytes { get; } = SiloSettings.Size(configuration, MemcachedOptions.Buffers, 1L << 20, 1L << 40);

    /// <summary>The first of its addresses that others than this machine reach.</summary>
    public IPEndPoint? Exposed => EndPoints.FirstOrDefault(static address => !IPAddress.IsLoopback(address.Address));

    /// <summary>Checks what concerns several options.</summary>
    /// <exception cref="SettingsException">There would be no way to the port.</exception>
    public void Validate()
    {
        if (EndPoints.Count == 0 && Socket is null)
        {
            throw new SettingsException(
                $"--{MemcachedOptions.Tcp.Name} is false; that needs --{MemcachedOptions.Socket.Name}, or no memcached client could connect.");
        }
    }

    /// <summary>Sets what the gateway is to do.</summary>
    public void Apply(GatewayOptions options)
    {
        options.ListensOnTcp = EndPoints.Count > 0;
        if (options.ListensOnTcp)
        {
            options.Address = EndPoints[0].Address;
            options.Port = EndPoints[0].Port;
            options.MoreEndPoints = [.. EndPoints.Skip(1)];
        }

        options.UnixSocket = Socket;
        options.UnixSocketMode = SocketMode;
        options.Protocols = Protocols;
        options.AllowsFlush = AllowsFlush;
        options.AllowsDumps = AllowsDumps;
        options.AllowsWatches = AllowsWatches;
        options.PrefixDelimiter = PrefixDelimiter;
        options.MaxRequestsPerTurn = RequestsPerTurn;
        options.IdleTime = IdleTime;
        options.MaxConnectionAge = MaxAge;
        options.WaitsAtMaxConnections = WaitsWhenFull;
        options.Backlog = Backlog;
        options.MaxBufferedBytes = BufferBytes;
    }

    /// <summary>Reads the permissions of a file as <c>chmod</c> does.</summary>
    public static bool TryReadMode(string text, out UnixFileMode mode)
    {
        int value = 0;
        foreach (char digit in text)
        {
            value = digit is >= '0' and <= '7' && value <= MaxMode ? (value << 3) + (digit - '0') : MaxMode + 1;
        }

        mode = (UnixFileMode)value;
        return text.Length > 0 && value <= MaxMode;
    }

    private static IPEndPoint[] AddressesOf(IConfiguration configuration)
    {
        int port = SiloSettings.Port(configuration, SiloOptions.MemcachedPort);
        if (configuration[MemcachedOptions.Bind.Key] is not { } text)
        {
            return [new IPEndPoint(SiloSettings.Address(configuration, SiloOptions.Bind), port)];
        }

        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Parse)];

        IPEndPoint Parse(string one)
        {
            // IPEndPoint reads 0 where there is no port.
            bool hasPort = one.Contains(']', StringComparison.Ordinal)
                ? one.Contains("]:", StringComparison.Ordinal)
                : one.Count(static character => character == ':') == 1;
            return IPEndPoint.TryParse(one, out IPEndPoint? endPoint)
                ? new IPEndPoint(endPoint.Address, hasPort ? endPoint.Port : port)
                : throw SiloSettings.Wrong(MemcachedOptions.Bind, text, "it must be IP or IP:PORT, with commas between");
        }
    }

    private static string? SocketOf(IConfiguration configuration)
    {
        string text = SiloSettings.Text(configuration, MemcachedOptions.Socket);
        if (text.Length == 0)
        {
            return null;
        }

        string path = Path.GetFullPath(text);
        return Encoding.UTF8.GetByteCount(path) <= MaxSocketPathBytes
            ? path
            : throw SiloSettings.Wrong(MemcachedOptions.Socket, path, $"its full path must be at most {MaxSocketPathBytes} bytes long");
    }

    private static UnixFileMode ModeOf(IConfiguration configuration)
    {
        string text = SiloSettings.Text(configuration, MemcachedOptions.SocketMode);
        return TryReadMode(text, out UnixFileMode mode)
            ? mode
            : throw SiloSettings.Wrong(MemcachedOptions.SocketMode, text, "it must be an octal number from 0 to 0777");
    }

    private static TimeSpan Seconds(IConfiguration configuration, SiloOption option) =>
        TimeSpan.FromSeconds(SiloSettings.Number(configuration, option, 0, MaxSeconds));
}
