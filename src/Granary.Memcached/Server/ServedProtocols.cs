namespace Granary.Memcached.Server;

/// <summary>Which of memcached's protocols the port speaks: memcached's <c>-B</c>.</summary>
public enum ServedProtocols
{
    /// <summary>Each connection the one that its first byte is of.</summary>
    Any,

    /// <summary>Text alone, classic and meta: what begins like the binary protocol is an unknown command.</summary>
    Text,

    /// <summary>Binary alone: what does not begin like it ends the connection.</summary>
    Binary,
}
