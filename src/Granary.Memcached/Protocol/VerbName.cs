namespace Granary.Memcached.Protocol;

/// <summary>Recognizes a command by its name. Names are lower case and nothing else.</summary>
internal static class VerbName
{
    /// <summary>The verb of that exact name, or <see cref="Verb.None"/>.</summary>
    /// <remarks>Comparing with a literal of known length compiles to one or two word compares.</remarks>
    public static Verb Find(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 2:
                return name.SequenceEqual("mg"u8) ? Verb.MetaGet
                    : name.SequenceEqual("ms"u8) ? Verb.MetaSet
                    : name.SequenceEqual("md"u8) ? Verb.MetaDelete
                    : name.SequenceEqual("ma"u8) ? Verb.MetaArithmetic
                    : name.SequenceEqual("mn"u8) ? Verb.MetaNoop
                    : name.SequenceEqual("me"u8) ? Verb.MetaDebug
                    : Verb.None;
            case 3:
                return name.SequenceEqual("get"u8) ? Verb.Get
                    : name.SequenceEqual("set"u8) ? Verb.Set
                    : name.SequenceEqual("add"u8) ? Verb.Add
                    : name.SequenceEqual("cas"u8) ? Verb.Cas
                    : name.SequenceEqual("gat"u8) ? Verb.Gat
                    : Verb.None;
            case 4:
                return name.SequenceEqual("gets"u8) ? Verb.Gets
                    : name.SequenceEqual("incr"u8) ? Verb.Incr
                    : name.SequenceEqual("decr"u8) ? Verb.Decr
                    : name.SequenceEqual("gats"u8) ? Verb.Gats
                    : name.SequenceEqual("quit"u8) ? Verb.Quit
                    : Verb.None;
            case 5:
                return name.SequenceEqual("touch"u8) ? Verb.Touch
                    : name.SequenceEqual("stats"u8) ? Verb.Stats
                    : name.SequenceEqual("slabs"u8) ? Verb.Slabs
                    : name.SequenceEqual("watch"u8) ? Verb.Watch
                    : Verb.None;
            case 6:
                return name.SequenceEqual("delete"u8) ? Verb.Delete
                    : name.SequenceEqual("append"u8) ? Verb.Append
                    : Verb.None;
            case 7:
                return name.SequenceEqual("replace"u8) ? Verb.Replace
                    : name.SequenceEqual("prepend"u8) ? Verb.Prepend
                    : name.SequenceEqual("version"u8) ? Verb.Version
                    : Verb.None;
            case 9:
                return name.SequenceEqual("flush_all"u8) ? Verb.FlushAll
                    : name.SequenceEqual("verbosity"u8) ? Verb.Verbosity
                    : Verb.None;
            case 11:
                return name.SequenceEqual("lru_crawler"u8) ? Verb.LruCrawler : Verb.None;
            case 14:
                return name.SequenceEqual("cache_memlimit"u8) ? Verb.CacheMemoryLimit : Verb.None;
            default:
                return Verb.None;
        }
    }
}
