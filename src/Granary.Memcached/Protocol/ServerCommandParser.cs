using System.Buffers;

namespace Granary.Memcached.Protocol;

/// <summary>Reads the arguments of the commands about the server: flush_all, stats, version, verbosity, lru_crawler, slabs,
/// cache_memlimit, watch, quit.</summary>
internal static class ServerCommandParser
{
    public static OperationStatus Read(Verb verb, ReadOnlySpan<byte> arguments, out Command command)
    {
        TokenReader tokens = new(arguments);
        switch (verb)
        {
            case Verb.FlushAll:
                return ReadFlushAll(tokens, out command);
            case Verb.Verbosity:
                return ReadVerbosity(tokens, out command);
            case Verb.CacheMemoryLimit:
                return ReadMemoryLimit(tokens, out command);
            // quit\r\n
            // 1.6.45 quits whatever follows; memcapable sends "quit noreply" and wants an error line, as 1.6.18 gives.
            case Verb.Quit when !tokens.Rest.IsEmpty:
                return Reject.Line(out command, verb, ProtocolError.UnknownCommand);
            // stats [words]\r\n, and the others so
            case Verb.Stats or Verb.LruCrawler or Verb.Slabs:
                command = new Command { Verb = verb, Arguments = tokens.Rest };
                return OperationStatus.Done;
            // watch [words] [noreply]\r\n
            // noreply is an unknown word, whose error is not said: as in memcached.
            case Verb.Watch:
                command = new Command { Verb = verb, Arguments = tokens.Rest, NoReply = tokens.EndsWithNoReply };
                return OperationStatus.Done;
            // version\r\n
            default:
                command = new Command { Verb = verb };
                return OperationStatus.Done;
        }
    }

    // flush_all [delay] [noreply]\r\n
    private static OperationStatus ReadFlushAll(TokenReader tokens, out Command command)
    {
        bool noReply = tokens.EndsWithNoReply;
        long delaySeconds = 0;
        bool hasDelay = tokens.TryRead(out ReadOnlySpan<byte> delay) && !(noReply && tokens.Rest.IsEmpty);
        if (hasDelay && !AsciiNumber.TryParseInt64(delay, out delaySeconds))
        {
            return Reject.Line(out command, Verb.FlushAll, ProtocolError.InvalidExpiration, noReply);
        }

        command = new Command { Verb = Verb.FlushAll, ExpirationSeconds = delaySeconds, NoReply = noReply };
        return OperationStatus.Done;
    }

    // verbosity <level> [noreply]\r\n
    private static OperationStatus ReadVerbosity(TokenReader tokens, out Command command)
    {
        bool noReply = tokens.EndsWithNoReply;
        tokens.TryRead(out ReadOnlySpan<byte> levelText);
        if (!AsciiNumber.TryParseUInt32(levelText, out uint level))
        {
            return Reject.Line(out command, Verb.Verbosity, ProtocolError.BadLineFormat, noReply);
        }

        command = new Command { Verb = Verb.Verbosity, Number = level, NoReply = noReply };
        return OperationStatus.Done;
    }

    // cache_memlimit <MiB> [noreply]\r\n
    private static OperationStatus ReadMemoryLimit(TokenReader tokens, out Command command)
    {
        bool noReply = tokens.EndsWithNoReply;
        tokens.TryRead(out ReadOnlySpan<byte> megabytesText);
        if (!AsciiNumber.TryParseUInt64(megabytesText, out ulong megabytes))
        {
            return Reject.Line(out command, Verb.CacheMemoryLimit, ProtocolError.UnknownCommand, noReply);
        }

        command = new Command { Verb = Verb.CacheMemoryLimit, Number = megabytes, NoReply = noReply };
        return OperationStatus.Done;
    }
}
