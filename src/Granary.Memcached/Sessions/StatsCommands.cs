using System.Globalization;
using System.Text;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>Answers <c>stats</c> with its words, in the text protocol.</summary>
internal static class StatsCommands
{
    // As memcached has them: what is not one of ours is empty, what is not one of memcached's is an error.
    private const uint MaxClasses = 64;

    /// <param name="words">What follows stats.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>What is the answer; <see langword="null"/> if it was written.</returns>
    public static ILongAnswer? Answer(ReadOnlySpan<byte> words, GatewayState gateway, OutputBuffer output)
    {
        var tokens = new TokenReader(words);
        tokens.TryRead(out ReadOnlySpan<byte> section);
        if (section.SequenceEqual("cachedump"u8))
        {
            return DumpClass(tokens, gateway, output);
        }

        if (section.SequenceEqual("conns"u8))
        {
            return new ConnectionDump(gateway);
        }

        if (section.SequenceEqual("detail"u8))
        {
            return Detail(tokens, gateway.Prefixes, output);
        }

        if (section.SequenceEqual("reset"u8))
        {
            Statistics.Reset(gateway);
            output.Write(Reply.Reset);
        }
        else if (Statistics.TryRead(section, gateway) is { } statistics)
        {
            Write(statistics, output);
        }
        else
        {
            output.Write(Reply.Error);
        }

        return null;
    }

    /// <summary>Writes names and values, and the end.</summary>
    public static void Write(List<(string Name, string Value)> statistics, OutputBuffer output)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in statistics)
        {
            text.Append(CultureInfo.InvariantCulture, $"STAT {name} {value}\r\n");
        }

        output.Write(Encoding.ASCII.GetBytes(text.ToString()));
        output.Write(Reply.End);
    }

    /// <summary>Switches counts by prefix <c>on</c> or <c>off</c>.</summary>
    /// <returns><see langword="false"/> if the word is another one.</returns>
    public static bool TrySwitch(PrefixCounts prefixes, ReadOnlySpan<byte> word)
    {
        bool isOn = word.SequenceEqual("on"u8);
        bool isSwitch = isOn || word.SequenceEqual("off"u8);
        if (isSwitch)
        {
            prefixes.IsOn = isOn;
        }

        return isSwitch;
    }

    // stats detail on|off|dump\r\n
    private static PrefixDump? Detail(TokenReader tokens, PrefixCounts prefixes, OutputBuffer output)
    {
        tokens.TryRead(out ReadOnlySpan<byte> word);
        if (word.SequenceEqual("dump"u8))
        {
            return new PrefixDump(prefixes);
        }

        output.Write(TrySwitch(prefixes, word) ? Reply.Ok : Reply.BadDetail);
        return null;
    }

    // stats cachedump <class> <limit>\r\n
    private static KeyDump? DumpClass(TokenReader tokens, GatewayState gateway, OutputBuffer output)
    {
        if (!gateway.Options.AllowsDumps)
        {
            output.Write(Reply.CacheDumpNotAllowed);
            return null;
        }

        bool hasBoth = tokens.TryRead(out ReadOnlySpan<byte> classText) & tokens.TryRead(out ReadOnlySpan<byte> limitText);
        if (!hasBoth)
        {
            output.Write(Reply.BadCacheDump);
            return null;
        }

        if (!AsciiNumber.TryParseUInt32(classText, out uint number) || !AsciiNumber.TryParseUInt32(limitText, out uint limit))
        {
            output.Write(Reply.BadLineFormat);
            return null;
        }

        if (number is ClassStatistics.Class)
        {
            return new KeyDump(gateway.Cache.Store, KeyDumpForm.Items, limit == 0 ? long.MaxValue : limit);
        }

        output.Write(number < MaxClasses ? Reply.End : Reply.IllegalClass);
        return null;
    }
}
