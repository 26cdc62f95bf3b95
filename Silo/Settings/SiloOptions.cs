namespace Granary.Silo.Settings;

/// <summary>Every option there is: the help, the command line and the defaults all come from here.</summary>
internal static class SiloOptions
{
    public static SiloOption Name { get; } = new(
        "name", "Granary:Name", Environment.MachineName, "NAME", "Name of the silo; its own in the cluster.");

    public static SiloOption Memory { get; } = new(
        "memory",
        "Granary:Cache:MemoryLimit",
        "60 % of the container's limit, else 1GiB",
        "SIZE",
        "Memory for the cache, index and headers included. Bytes, or with KiB, MiB, GiB.");

    public static SiloOption Eviction { get; } = new(
        "eviction",
        "Granary:Cache:Eviction",
        "lru",
        "lru|s3fifo|none",
        "What leaves when the memory is full: the entries used least recently, first new ones that are not used twice soon, or none.");

    public static SiloOption MaxItem { get; } = new(
        "max-item", "Granary:Cache:MaxItem", "1MiB", "SIZE", "Longest value; at most 128MiB and half of the memory.");

    public static SiloOption Shards { get; } = new(
        "shards", "Granary:Cache:ShardCount", "256", "N", "Shards of the key space; the same on all silos, for ever.");

    public static SiloOption Namespaces { get; } = new(
        "namespaces",
        "Granary:Cache:Namespaces",
        string.Empty,
        "NAMES",
        "Keys counted by themselves and kept under quotas, with commas between: NAME[@PREFIX][=SIZE]. Keys begin with PREFIX, "
        + "or with NAME and a colon; SIZE is the cluster's. The same on all silos.");

    public static SiloOption MemcachedPort { get; } = new(
        "memcached-port", "Granary:Memcached:Port", "11211", "PORT", "Port for memcached clients; 0 for any free one.");

    public static SiloOption MemcachedThreads { get; } = new(
        "memcached-threads",
        "Granary:Memcached:Threads",
        "one a core, at most 4",
        "N",
        "Event loops that serve memcached clients.");

    public static SiloOption MaxConnections { get; } = new(
        "max-connections", "Granary:Memcached:MaxConnections", "16384", "N", "memcached clients at the same time.");

    public static SiloOption SiloPort { get; } = new(
        "silo-port", "Granary:SiloPort", "11111", "PORT", "Port for the other silos; 0 for any free one.");

    public static SiloOption GatewayPort { get; } = new(
        "gateway-port", "Granary:GatewayPort", "30000", "PORT", "Port for .NET clients; 0 for any free one.");

    public static SiloOption HttpPort { get; } = new(
        "http-port", "Granary:HttpPort", "8080", "PORT", "Port for dashboard, health and metrics; 0 for any free one.");

    public static SiloOption Bind { get; } = new(
        "bind", "Granary:Bind", "127.0.0.1", "ADDRESS", "Address to listen on. Off loopback it needs --credentials or --insecure.");

    public static SiloOption Advertise { get; } = new(
        "advertise",
        "Granary:Advertise",
        "the one to listen on",
        "ADDRESS",
        "Address at which other silos and .NET clients find this one.");

    public static SiloOption Credentials { get; } = new(
        "credentials",
        "Granary:Credentials",
        string.Empty,
        "FOLDER",
        "Folder of tls.crt, tls.key and ca.crt (TLS, for silos and .NET clients mutual), memcached-users and access-tokens; "
        + "'credentials FOLDER' makes one.");

    public static SiloOption MemcachedTls { get; } = new(
        "memcached-tls",
        "Granary:Memcached:Tls",
        "true if there are credentials for it",
        "BOOL",
        "TLS on the port for memcached clients.");

    public static SiloOption Insecure { get; } = new(
        "insecure",
        "Granary:Insecure",
        "false",
        "PORTS",
        "Listen off loopback although these ports are open to all who reach them: silo (the gateway as well), memcached, "
        + "http, with commas between; without a value all.",
        Implied: "true");

    public static SiloOption Primary { get; } = new(
        "primary",
        "Granary:Primary",
        string.Empty,
        "HOST:PORT",
        "Silo port of the silo to join. Without it this silo begins a cluster.");

    public static SiloOption Replicas { get; } = new(
        "replicas", "Granary:Cache:Replicas", "0", "0|1", "Copies of each shard on another silo; 1 halves the capacity.");

    public static SiloOption ReplicaMode { get; } = new(
        "replica-mode",
        "Granary:Cache:ReplicaMode",
        "sync",
        "sync|async",
        "Whether a change is answered when its replica has it, or at once.");

    public static SiloOption HotCopies { get; } = new(
        "hot-copies",
        "Granary:Cache:HotCopies",
        "false",
        "BOOL",
        "Answer reads of keys that are hot on other silos from copies here, which may be old: some 20 ms, 1 s at most.");

    public static SiloOption HandOff { get; } = new(
        "hand-off", "Granary:HandOffSeconds", "90", "SECONDS", "Most time for handing the shards over, or saving them, at a stop.");

    public static SiloOption TakeOver { get; } = new(
        "take-over",
        "Granary:TakeOverSeconds",
        "300", // half of what Kubernetes gives a Deployment to make progress
        "SECONDS",
        "Most time for taking shards over at a start; then the silo is ready without the rest.");

    public static SiloOption Save { get; } = new(
        "save",
        "Granary:Cache:SaveFile",
        string.Empty,
        "FILE",
        "File to save the entries to when the last silo stops, and to load them from when it starts first.");

    public static SiloOption ClusterStore { get; } = new(
        "cluster-store",
        "Granary:ClusterStore",
        string.Empty,
        "CONNECTION",
        "PostgreSQL that holds membership and queues, without a primary: 'Host=...;Database=...;Username=...;Password=...'.");

    public static SiloOption Data { get; } = new(
        "data",
        "Granary:Queues:Folder",
        "data",
        "FOLDER",
        "Without a cluster store: folder of the queues' database, of the silo that begins a cluster; one process uses it.");

    public static SiloOption Streams { get; } = new(
        "streams",
        "Granary:Streams",
        string.Empty,
        "NAMES",
        "Names of Orleans stream providers over the queues, with commas between: for .NET clients that stream.");

    public static SiloOption Dashboard { get; } = new(
        "dashboard", "Granary:Dashboard", "true", "BOOL", "Serve the Orleans dashboard at /dashboard.");

    public static SiloOption Otlp { get; } = new(
        "otlp",
        "Granary:Otlp",
        string.Empty,
        "URL",
        "OpenTelemetry collector to send metrics and traces to, by gRPC: 'http://HOST:4317'.");

    public static SiloOption PortFile { get; } = new(
        "port-file", "Granary:PortFile", string.Empty, "FILE", "File to write the ports to when the silo is ready.");

    public static SiloOption PidFile { get; } = new(
        "pid-file", "Granary:PidFile", string.Empty, "FILE", "File that has the silo's process id while it is ready.");

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<SiloOption> All { get; } =
    [
        Name, Memory, Eviction, MaxItem, Shards, Namespaces, MemcachedPort, MemcachedThreads, MaxConnections, .. MemcachedOptions.All,
        SiloPort, GatewayPort, HttpPort,
        Bind, Advertise, Credentials, MemcachedTls, Insecure, Primary, ClusterStore, Replicas, ReplicaMode, HotCopies, HandOff, TakeOver, Save, Data, Streams,
        Dashboard, Otlp, PortFile, PidFile,
    ];
}
