namespace Granary.Memcached.Sessions;

/// <summary>How keys are listed.</summary>
internal enum KeyDumpForm
{
    /// <summary><c>lru_crawler metadump</c>: all that is known of each but its value.</summary>
    Details,

    /// <summary><c>lru_crawler mgdump</c>: the command that reads it.</summary>
    MetaGets,

    /// <summary><c>stats cachedump</c>: its length and when it expires.</summary>
    Items,
}
