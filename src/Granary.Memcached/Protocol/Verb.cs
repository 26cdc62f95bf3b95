namespace Granary.Memcached.Protocol;

/// <summary>What a command line asks for: the commands of memcached's text protocol, classic and meta.</summary>
internal enum Verb : byte
{
    /// <summary>No command of ours: the line was rejected before its name was understood.</summary>
    None,

    /// <summary><c>get &lt;key&gt;+</c>.</summary>
    Get,

    /// <summary><c>gets &lt;key&gt;+</c>: like get, and each hit carries its cas.</summary>
    Gets,

    /// <summary><c>gat &lt;exptime&gt; &lt;key&gt;+</c>: get and touch.</summary>
    Gat,

    /// <summary><c>gats &lt;exptime&gt; &lt;key&gt;+</c>: gets and touch.</summary>
    Gats,

    /// <summary><c>set &lt;key&gt; &lt;flags&gt; &lt;exptime&gt; &lt;bytes&gt; [noreply]</c>.</summary>
    Set,

    /// <summary>Like set, only if the key is absent.</summary>
    Add,

    /// <summary>Like set, only if the key is present.</summary>
    Replace,

    /// <summary>Adds the data after the stored value.</summary>
    Append,

    /// <summary>Adds the data before the stored value.</summary>
    Prepend,

    /// <summary><c>cas &lt;key&gt; &lt;flags&gt; &lt;exptime&gt; &lt;bytes&gt; &lt;cas&gt; [noreply]</c>.</summary>
    Cas,

    /// <summary><c>incr &lt;key&gt; &lt;delta&gt; [noreply]</c>.</summary>
    Incr,

    /// <summary><c>decr &lt;key&gt; &lt;delta&gt; [noreply]</c>.</summary>
    Decr,

    /// <summary><c>touch &lt;key&gt; &lt;exptime&gt; [noreply]</c>.</summary>
    Touch,

    /// <summary><c>delete &lt;key&gt; [0] [noreply]</c>.</summary>
    Delete,

    /// <summary><c>flush_all [delay] [noreply]</c>.</summary>
    FlushAll,

    /// <summary><c>stats [words]</c>.</summary>
    Stats,

    /// <summary><c>version</c>.</summary>
    Version,

    /// <summary><c>verbosity &lt;level&gt; [noreply]</c>.</summary>
    Verbosity,

    /// <summary><c>mg &lt;key&gt; &lt;flags&gt;*</c>: meta get.</summary>
    MetaGet,

    /// <summary><c>ms &lt;key&gt; &lt;datalen&gt; &lt;flags&gt;*</c>: meta set, in all its modes.</summary>
    MetaSet,

    /// <summary><c>md &lt;key&gt; &lt;flags&gt;*</c>: meta delete.</summary>
    MetaDelete,

    /// <summary><c>ma &lt;key&gt; &lt;flags&gt;*</c>: meta arithmetic.</summary>
    MetaArithmetic,

    /// <summary><c>me &lt;key&gt; [b]</c>: meta debug.</summary>
    MetaDebug,

    /// <summary><c>mn</c>: meta no-op.</summary>
    MetaNoop,

    /// <summary><c>lru_crawler &lt;words&gt;</c>.</summary>
    LruCrawler,

    /// <summary><c>slabs &lt;words&gt;</c>.</summary>
    Slabs,

    /// <summary><c>cache_memlimit &lt;MiB&gt; [noreply]</c>.</summary>
    CacheMemoryLimit,

    /// <summary><c>watch &lt;words&gt;</c>.</summary>
    Watch,

    /// <summary><c>quit</c>: close the connection once the earlier replies are sent.</summary>
    Quit,
}
