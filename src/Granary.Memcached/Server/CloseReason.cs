namespace Granary.Memcached.Server;

/// <summary>Why a connection has ended.</summary>
internal enum CloseReason
{
    /// <summary>The client has ended it, or asked for its end.</summary>
    Normal,

    /// <summary>It was reset, or the silo had no room for what it left waiting.</summary>
    Error,

    /// <summary>It has said nothing for too long.</summary>
    Idle,
}
