using System.Text;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>Makes what a client might send: noise, and pipelines of commands with a few bytes changed.</summary>
/// <remarks>A stream stays below the length at which an unfinished line closes the connection, because there the
/// segments do matter; the exception is a long multiget, which is left unchanged.</remarks>
internal sealed class CommandStreamGenerator(Random random)
{
    private const int MaxNoiseLength = 300;
    private const int MaxCommands = 6;
    private const int LongMultigetOdds = 500;
    private const string MetaFlags = "bcfhklqstuvxCDEFIJLMNOPRTSz1-";

    private static readonly byte[] LikelyBytes =
        Encoding.Latin1.GetBytes("    \r\r\n\n\n0123456789-+gets set cas add noreply get \0\t\u0080\u00ff");

    private static readonly string[] Names =
    [
        "get", "gets", "gat", "gats", "set", "add", "replace", "append", "prepend", "cas", "incr", "decr", "touch",
        "delete", "flush_all", "stats", "version", "verbosity", "quit", "nosuch", "GET / HTTP/1.1", "",
        "mg", "ms", "md", "ma", "me", "mn", "cache_memlimit", "lru_crawler", "slabs", "stats conns", "stats detail", "watch",
    ];

    private static readonly string[] Numbers =
    [
        "0", "1", "2", "7", "-1", "-0", "+1", "1.5", "x", "00012", "250", "4294967295", "4294967296", "2147483645",
        "2147483646", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
        "18446744073709551616", "99999999999999999999999", "noreply",
    ];

    /// <summary>The next stream.</summary>
    public byte[] Next()
    {
        if (random.Next(LongMultigetOdds) == 0)
        {
            return Encoding.Latin1.GetBytes(LongMultiget());
        }

        return random.Next(4) switch
        {
            0 => Noise(likelyBytesOnly: false),
            1 => Noise(likelyBytesOnly: true),
            _ => MutatedCommands(),
        };
    }

    private byte[] Noise(bool likelyBytesOnly)
    {
        byte[] bytes = new byte[random.Next(MaxNoiseLength)];
        random.NextBytes(bytes);
        for (int index = 0; likelyBytesOnly && index < bytes.Length; index++)
        {
            bytes[index] = LikelyBytes[bytes[index] % LikelyBytes.Length];
        }

        return bytes;
    }

    private byte[] MutatedCommands()
    {
        StringBuilder text = new();
        for (int count = random.Next(1, MaxCommands); count > 0; count--)
        {
            AppendCommand(text);
        }

        List<byte> bytes = [.. Encoding.Latin1.GetBytes(text.ToString())];
        for (int count = random.Next(4); count > 0 && bytes.Count > 0; count--)
        {
            Mutate(bytes);
        }

        return [.. bytes];
    }

    private void Mutate(List<byte> bytes)
    {
        int index = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0:
                bytes[index] = (byte)random.Next(256);
                break;
            case 1:
                bytes.Insert(index, LikelyBytes[random.Next(LikelyBytes.Length)]);
                break;
            case 2:
                bytes.RemoveAt(index);
                break;
            default:
                bytes.RemoveRange(index, Math.Min(random.Next(8), bytes.Count - index));
                break;
        }
    }

    private void AppendCommand(StringBuilder text)
    {
        string name = Names[random.Next(Names.Length)];
        int valueLength = random.Next(12);
        text.Append(name);
        switch (name)
        {
            case "get" or "gets":
                AppendKeys(text);
                break;
            case "gat" or "gats":
                AppendWord(text, Number());
                AppendKeys(text);
                break;
            case "set" or "add" or "replace" or "append" or "prepend" or "cas":
                AppendWord(text, Key());
                AppendWord(text, Number());
                AppendWord(text, Number());
                AppendWord(text, random.Next(8) == 0 ? Number() : $"{valueLength}");
                AppendWord(text, name == "cas" ? Number() : "");
                break;
            case "mg" or "ms" or "md" or "ma" or "me":
                AppendWord(text, Key());
                AppendWord(text, name == "ms" ? random.Next(8) == 0 ? Number() : $"{valueLength}" : "");
                AppendFlags(text);
                break;
            default:
                AppendWord(text, random.Next(4) == 0 ? Number() : Key());
                AppendWord(text, random.Next(2) == 0 ? Number() : "");
                break;
        }

        AppendWord(text, random.Next(4) == 0 ? "noreply" : "");
        text.Append(random.Next(4) == 0 ? "\n" : "\r\n");
        if (name is "set" or "add" or "replace" or "append" or "prepend" or "cas" or "ms")
        {
            text.Append('v', valueLength).Append("\r\n");
        }
    }

    private void AppendKeys(StringBuilder text)
    {
        for (int count = random.Next(4); count >= 0; count--)
        {
            AppendWord(text, Key());
        }
    }

    private void AppendFlags(StringBuilder text)
    {
        for (int count = random.Next(6); count > 0; count--)
        {
            char letter = MetaFlags[random.Next(MetaFlags.Length)];
            AppendWord(text, letter + (char.IsUpper(letter) && random.Next(4) > 0 ? Number() : ""));
        }
    }

    // An empty word leaves its spaces, which must not matter.
    private void AppendWord(StringBuilder text, string word) =>
        text.Append(' ', word.Length == 0 ? random.Next(2) : random.Next(20) == 0 ? 3 : 1).Append(word);

    private string Key() => new('k', random.Next(40) == 0 ? random.Next(249, 252) : random.Next(1, 9));

    // Most are good, so that whole commands are too.
    private string Number() => random.Next(3) == 0 ? Numbers[random.Next(Numbers.Length)] : $"{random.Next(100)}";

    private string LongMultiget()
    {
        StringBuilder text = new("get");
        for (int count = random.Next(200, 2000); count > 0; count--)
        {
            AppendWord(text, Key());
        }

        return text.Append("\r\n").ToString();
    }
}
