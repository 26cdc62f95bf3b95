using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Answers <c>lru_crawler</c>: its lists of keys are there, of this silo's shards; a crawler that could be told what to do is
/// not.
/// </summary>
internal static class CrawlerCommands
{
    /// <param name="words">What follows lru_crawler.</param>
    /// <param name="gateway">Whose silo's keys are listed.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>Keys that are the answer; <see langword="null"/> if it was written.</returns>
    public static KeyDump? Answer(ReadOnlySpan<byte> words, GatewayState gateway, OutputBuffer output)
    {
        var tokens = new TokenReader(words);
        tokens.TryRead(out ReadOnlySpan<byte> action);
        bool isMetaDump = action.SequenceEqual("metadump"u8);
        bool isDump = isMetaDump || action.SequenceEqual("mgdump"u8);
        if (!isDump || !tokens.TryRead(out ReadOnlySpan<byte> classes))
        {
            output.Write(isDump || !IsKnown(action) ? Reply.Error : Reply.NoCrawler);
            return null;
        }

        if (!gateway.Options.AllowsDumps)
        {
            output.Write(Reply.MetaDumpNotAllowed);
            return null;
        }

        if (!classes.SequenceEqual("all"u8) && !classes.SequenceEqual("hash"u8) && !classes.SequenceEqual("1"u8))
        {
            output.Write(Reply.InvalidClass);
            return null;
        }

        output.Write(Reply.Ok);
        return new KeyDump(gateway.Cache.Store, isMetaDump ? KeyDumpForm.Details : KeyDumpForm.MetaGets);
    }

    private static bool IsKnown(ReadOnlySpan<byte> action) =>
        action.SequenceEqual("enable"u8) || action.SequenceEqual("disable"u8) || action.SequenceEqual("sleep"u8)
        || action.SequenceEqual("tocrawl"u8) || action.SequenceEqual("crawl"u8);
}
