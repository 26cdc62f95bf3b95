namespace Granary.Memcached.Sessions;

/// <summary>What a piece of the answers is, and for a remote operation, how its outcome reads.</summary>
internal enum PlanItemKind : byte
{
    /// <summary>Bytes that are known already.</summary>
    Literal,

    /// <summary>The END of a retrieval.</summary>
    End,

    Get,

    Gets,

    Store,

    CompareAndSet,

    Increment,

    Decrement,

    Touch,

    Delete,

    /// <summary>The delete of what a value that was too large would have replaced: nobody waits for it.</summary>
    Silent,
}
