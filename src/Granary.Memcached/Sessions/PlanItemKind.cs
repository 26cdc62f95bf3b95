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

    /// <summary>append and prepend: a sum that is too large is not stored, as in memcached, and is no error.</summary>
    Join,

    Increment,

    Decrement,

    Touch,

    Delete,

    /// <summary>A meta command or a binary request: its bytes are its own, without its value.</summary>
    Command,

    /// <summary>The answer to a change that was done on this silo: its bytes, if the shard's replica has it as well.</summary>
    Confirmed,

    /// <summary>The delete of what a value that was too large would have replaced: nobody waits for it.</summary>
    Silent,
}
