namespace Granary.Silo.Settings;

/// <summary>Ports that may be open to all who reach them.</summary>
[Flags]
internal enum OpenPorts
{
    None = 0,

    /// <summary>Those for silos and for .NET clients.</summary>
    Silo = 1,

    Memcached = 2,

    Http = 4,

    All = Silo | Memcached | Http,
}
