using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>Answers <c>watch</c>.</summary>
internal static class WatchCommand
{
    // watch [fetchers|mutations|evictions|connevents|deletions]*\r\n
    /// <param name="command">The command.</param>
    /// <param name="isFirst">Whether nothing that came before is still to be answered.</param>
    /// <param name="gateway">Whose events it is about.</param>
    /// <param name="resume">Called when there are events.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>What the client watches; <see langword="null"/> if it does not.</returns>
    public static Watcher? Answer(
        in Command command, bool isFirst, GatewayState gateway, Action resume, OutputBuffer output)
    {
        ReadOnlySpan<byte> problem = default;
        Watcher? watcher = null;
        if (!gateway.Options.AllowsWatches)
        {
            problem = Reply.WatchNotAllowed;
        }
        else if (!isFirst)
        {
            problem = Reply.WatchNotFirst;
        }
        else if (!TryRead(command.Arguments, out WatchedEvents events))
        {
            problem = Reply.Error;
        }
        else
        {
            watcher = new Watcher(events, resume);
            if (!gateway.Watchers.TryAdd(watcher))
            {
                problem = Reply.TooManyWatchers;
                watcher = null;
            }
        }

        output.Write(watcher is not null ? Reply.Ok : command.NoReply ? default : problem);
        return watcher;
    }

    private static bool TryRead(ReadOnlySpan<byte> words, out WatchedEvents events)
    {
        events = WatchedEvents.None;
        var tokens = new TokenReader(words);
        while (tokens.TryRead(out ReadOnlySpan<byte> word))
        {
            WatchedEvents one = EventsOf(word);
            if (one == WatchedEvents.None)
            {
                return false;
            }

            events |= one;
        }

        events = events == WatchedEvents.None ? WatchedEvents.Fetchers : events; // as memcached has it
        return true;
    }

    private static WatchedEvents EventsOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("fetchers"u8) ? WatchedEvents.Fetchers
        : word.SequenceEqual("mutations"u8) ? WatchedEvents.Mutations
        : word.SequenceEqual("evictions"u8) ? WatchedEvents.Evictions
        : word.SequenceEqual("connevents"u8) ? WatchedEvents.Connections
        : word.SequenceEqual("deletions"u8) ? WatchedEvents.Deletions
        : WatchedEvents.None;
}
