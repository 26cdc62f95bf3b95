using System.Globalization;
using System.Net;
using Granary.Cache.Copies;
using Granary.Queues;
using Granary.Silo.Access;
using Granary.Store.Entries;

namespace Granary.Silo.Settings;

/// <summary>The options of a silo, read and checked.</summary>
internal sealed class SiloSettings(IConfiguration configuration)
{
    private const int MaxPort = 65_535;
    private const int MaxItemBytes = 128 << 20;

    public string Name { get; } = Text(configuration, SiloOptions.Name);

    public long MemoryBytes { get; } = MemoryBytesOf(configuration);

    public EvictionPolicy Eviction { get; } = EvictionOf(configuration);

    public int MaxItemBytesAllowed { get; } = (int)Size(configuration, SiloOptions.MaxItem, 1024, MaxItemBytes);

    public int ShardCount { get; } = Number(configuration, SiloOptions.Shards, 1, 65_536);

    public NamespaceSettings Namespaces { get; } = new(configuration);

    public int MemcachedThreads { get; } = configuration[SiloOptions.MemcachedThreads.Key] is null
        ? Math.Min(Environment.ProcessorCount, 4)
        : Number(configuration, SiloOptions.MemcachedThreads, 1, 64);

    public int MaxConnections { get; } = Number(configuration, SiloOptions.MaxConnections, 1, 1_000_000);

    public IPAddress Bind { get; } = Address(configuration, SiloOptions.Bind);

    /// <summary>An address of this silo alone; where none is given, that of <see cref="Bind"/>.</summary>
    public IPAddress Advertise { get; } = configuration[SiloOptions.Advertise.Key] is null
        ? Address(configuration, SiloOptions.Bind)
        : Address(configuration, SiloOptions.Advertise);

    public int MemcachedPort { get; } = Port(configuration, SiloOptions.MemcachedPort);

    public MemcachedSettings Memcached { get; } = new(configuration);

    public int SiloPort { get; } = Port(configuration, SiloOptions.SiloPort);

    public int GatewayPort { get; } = Port(configuration, SiloOptions.GatewayPort);

    public int HttpPort { get; } = Port(configuration, SiloOptions.HttpPort);

    public CredentialFolder Credentials { get; } = Text(configuration, SiloOptions.Credentials) is { Length: > 0 } folder
        ? CredentialFolder.In(folder)
        : CredentialFolder.Empty;

    /// <summary>File of those who may use the memcached port; <see langword="null"/> for everybody.</summary>
    public string? MemcachedUsers => Memcached.Users ?? Credentials.MemcachedUsers;

    public IPEndPoint? Primary { get; } = EndPoint(configuration, SiloOptions.Primary);

    /// <summary>A connection string, which may have a password: never shown.</summary>
    public string? ClusterStore { get; } = Text(configuration, SiloOptions.ClusterStore) is { Length: > 0 } store ? store : null;

    public ReplicaMode Replicas { get; } = ModeOf(configuration);

    public bool HotCopies { get; } = Switch(configuration, SiloOptions.HotCopies);

    public TimeSpan HandOffTime { get; } = TimeSpan.FromSeconds(Number(configuration, SiloOptions.HandOff, 0, 3600));

    public TimeSpan TakeOverTime { get; } = TimeSpan.FromSeconds(Number(configuration, SiloOptions.TakeOver, 0, 3600));

    /// <summary>A full path; <see langword="null"/> for none.</summary>
    public string? SaveFile { get; } = Text(configuration, SiloOptions.Save) is { Length: > 0 } file ? Path.GetFullPath(file) : null;

    /// <summary>A full path.</summary>
    public string DataFolder { get; } = Path.GetFullPath(Text(configuration, SiloOptions.Data));

    public IReadOnlyList<string> StreamProviders { get; } = Names(configuration, SiloOptions.Streams);

    public bool Dashboard { get; } = Switch(configuration, SiloOptions.Dashboard);

    /// <summary>A collector; <see langword="null"/> for none.</summary>
    public Uri? Otlp { get; } = Url(configuration, SiloOptions.Otlp);

    public string? PortFile { get; } = configuration[SiloOptions.PortFile.Key];

    /// <summary>A full path; <see langword="null"/> for none.</summary>
    public string? PidFile { get; } = Text(configuration, SiloOptions.PidFile) is { Length: > 0 } file ? Path.GetFullPath(file) : null;

    /// <summary>File to write memcached's ports to in its own words, as its tests and their tools have it.</summary>
    public string? MemcachedPortFile { get; } = configuration[MemcachedOptions.PortFileKey];

    /// <summary>Whether memcached clients have to use TLS.</summary>
    public bool HasMemcachedTls => configuration[SiloOptions.MemcachedTls.Key] is null
        ? Credentials.Tls is not null
        : Switch(configuration, SiloOptions.MemcachedTls);

    /// <summary>Checks what concerns several options.</summary>
    public void Validate()
    {
        if (MaxItemBytesAllowed > MemoryBytes / 2)
        {
            throw new SettingsException(
                $"--{SiloOptions.MaxItem.Name} is {ByteSize.Format(MaxItemBytesAllowed)}; it must be at most half of "
                + $"--{SiloOptions.Memory.Name}, which is {ByteSize.Format(MemoryBytes)}.");
        }

        if (ClusterStore is not null && Primary is not null)
        {
            throw new SettingsException(
                $"--{SiloOptions.ClusterStore.Name} and --{SiloOptions.Primary.Name} are both given; a silo finds the others "
                + "by one of them.");
        }

        Memcached.Validate();
        Namespaces.Validate(MemcachedUsers);
        CheckFile(SiloOptions.Save, SaveFile);
        CheckFile(SiloOptions.PidFile, PidFile);
        CheckAccess();
        if (Advertise.Equals(IPAddress.Any) || Advertise.Equals(IPAddress.IPv6Any))
        {
            throw new SettingsException(
                $"--{SiloOptions.Bind.Name} is {Bind}, which is every address of this machine; say with "
                + $"--{SiloOptions.Advertise.Name} at which of them others find this silo.");
        }
    }

    private void CheckAccess()
    {
        if (HasMemcachedTls && Credentials.Tls is null)
        {
            throw new SettingsException(
                $"--{SiloOptions.MemcachedTls.Name} is true; that needs a certificate in --{SiloOptions.Credentials.Name}.");
        }

        OpenPorts open = OpenPortsOf(configuration);
        bool isFar = !IPAddress.IsLoopback(Bind);
        List<string> exposed = [];
        Expose(OpenPorts.Silo, isFar && Credentials.Tls is null, "silo (no certificate)");
        Expose(OpenPorts.Memcached, Memcached.Exposed is not null && MemcachedUsers is null, $"memcached (no {CredentialFolder.MemcachedUsersName})");
        Expose(
            OpenPorts.Http,
            isFar && (Credentials.AccessTokens is null || Credentials.Tls is null),
            $"http (no certificate or no {CredentialFolder.AccessTokensName})");
        if (exposed.Count > 0)
        {
            string address = isFar ? $"--{SiloOptions.Bind.Name} is {Bind}" : $"--{MemcachedOptions.Bind.Name} has {Memcached.Exposed!.Address}";
            throw new SettingsException(
                $"{address}, which is not loopback: everybody who reaches it could use these ports, "
                + $"for --{SiloOptions.Credentials.Name} has nothing for them: {string.Join(", ", exposed)}. Say "
                + $"--{SiloOptions.Insecure.Name} if that is what you want.");
        }

        void Expose(OpenPorts port, bool isOpen, string name)
        {
            if (isOpen && !open.HasFlag(port))
            {
                exposed.Add(name);
            }
        }
    }

    // Better now than at the stop, when it is too late: its folder is there and can be written.
    private static void CheckFile(SiloOption option, string? file)
    {
        if (file is null)
        {
            return;
        }

        if (Directory.Exists(file))
        {
            throw Wrong(option, file, "it must be a file");
        }

        string probe = Path.Combine(Path.GetDirectoryName(file)!, Path.GetRandomFileName());
        try
        {
            File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(option, file, $"it must be in a folder that can be written: {exception.Message.TrimEnd('.')}");
        }
    }

    internal static long MemoryBytesOf(IConfiguration configuration) => configuration[SiloOptions.Memory.Key] is null
        ? ContainerMemory.DefaultCacheBytes()
        : Size(configuration, SiloOptions.Memory, 8L << 20, 1L << 44);

    internal static string Text(IConfiguration configuration, SiloOption option) =>
        configuration[option.Key] ?? option.Default;

    private static string[] Names(IConfiguration configuration, SiloOption option)
    {
        string text = Text(configuration, option);
        string[] names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            Array.ForEach(names, QueueLimits.CheckName);
        }
        catch (ArgumentException exception)
        {
            throw Wrong(option, text, exception.Message.Split(" (", 2)[0]);
        }

        return names;
    }

    internal static int Number(IConfiguration configuration, SiloOption option, int min, int max)
    {
        string text = Text(configuration, option);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= min && number <= max
            ? number
            : throw Wrong(option, text, $"it must be a number from {min} to {max}");
    }

    internal static int Port(IConfiguration configuration, SiloOption option) =>
        Number(configuration, option, 0, MaxPort);

    internal static long Size(IConfiguration configuration, SiloOption option, long min, long max)
    {
        string text = Text(configuration, option);
        return ByteSize.TryParse(text, out long bytes) && bytes >= min && bytes <= max
            ? bytes
            : throw Wrong(option, text, $"it must be a size from {ByteSize.Format(min)} to {ByteSize.Format(max)}");
    }

    internal static bool Switch(IConfiguration configuration, SiloOption option)
    {
        string text = Text(configuration, option);
        return bool.TryParse(text, out bool value) ? value : throw Wrong(option, text, "it must be true or false");
    }

    private static OpenPorts OpenPortsOf(IConfiguration configuration)
    {
        string text = Text(configuration, SiloOptions.Insecure);
        if (bool.TryParse(text, out bool all))
        {
            return all ? OpenPorts.All : OpenPorts.None;
        }

        return text.Split(',', StringSplitOptions.TrimEntries).Aggregate(OpenPorts.None, (ports, name) => ports | name switch
        {
            "silo" => OpenPorts.Silo,
            "memcached" => OpenPorts.Memcached,
            "http" => OpenPorts.Http,
            _ => throw Wrong(SiloOptions.Insecure, text, "it must be some of silo, memcached and http, with commas between"),
        });
    }

    internal static IPAddress Address(IConfiguration configuration, SiloOption option)
    {
        string text = Text(configuration, option);
        return IPAddress.TryParse(text, out IPAddress? address)
            ? address
            : throw Wrong(option, text, "it must be an IP address");
    }

    private static IPEndPoint? EndPoint(IConfiguration configuration, SiloOption option)
    {
        string text = Text(configuration, option);
        if (text.Length == 0)
        {
            return null;
        }

        int colon = text.LastIndexOf(':');
        if (colon > 0
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= MaxPort
            && Resolve(text[..colon].Trim('[', ']')) is { } address)
        {
            return new IPEndPoint(address, port);
        }

        throw Wrong(option, text, "it must be HOST:PORT, and the host must be known");
    }

    // Its path is gRPC's, and who may send is a header's: OTEL_EXPORTER_OTLP_HEADERS.
    private static Uri? Url(IConfiguration configuration, SiloOption option)
    {
        string text = Text(configuration, option);
        if (text.Length == 0)
        {
            return null;
        }

        bool isRight = Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url is { PathAndQuery: "/", UserInfo: "" };
        return isRight ? url : throw Wrong(option, text, "it must be http://HOST:PORT or https://HOST:PORT");
    }

    private static IPAddress? Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).FirstOrDefault();
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static EvictionPolicy EvictionOf(IConfiguration configuration) =>
        Text(configuration, SiloOptions.Eviction) switch
        {
            "lru" => EvictionPolicy.Lru,
            "s3fifo" => EvictionPolicy.S3Fifo,
            "none" => EvictionPolicy.None,
            string text => throw Wrong(SiloOptions.Eviction, text, "it must be lru, s3fifo or none"),
        };

    private static ReplicaMode ModeOf(IConfiguration configuration)
    {
        bool hasReplicas = Number(configuration, SiloOptions.Replicas, 0, 1) == 1;
        return Text(configuration, SiloOptions.ReplicaMode) switch
        {
            "sync" or "async" when !hasReplicas => Cache.Copies.ReplicaMode.None,
            "sync" => Cache.Copies.ReplicaMode.Sync,
            "async" => Cache.Copies.ReplicaMode.Async,
            string text => throw Wrong(SiloOptions.ReplicaMode, text, "it must be sync or async"),
        };
    }

    internal static SettingsException Wrong(SiloOption option, string value, string rule) =>
        new($"--{option.Name} ({option.Key}) is '{value}'; {rule}.");
}
