using System.Globalization;
using Granary.Silo.Settings;

namespace Granary.Silo.StartLine;

/// <summary>The words of memcached's <c>-o</c>.</summary>
internal static class ExtendedWords
{
    private const int MaxSeconds = 365 * 24 * 60 * 60;
    private const int MaxMebibytes = 1 << 20;

    // Without them the server would be another one than is asked for: in clear, or with all keys in its own memory.
    private static readonly string[] Dangerous = ["ssl_", "proxy_"];

    /// <summary>Reads <c>word,word=value</c>.</summary>
    /// <exception cref="SettingsException">A value is none that the word can have, or it must not be ignored.</exception>
    public static void Apply(Translation line, string words)
    {
        foreach (string word in words.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = word.Split('=', 2);
            string value = parts.Length == 2 ? parts[1] : string.Empty;
            switch (parts[0])
            {
                case "idle_timeout":
                    int seconds = Translation.Number("-o idle_timeout", value, 0, MaxSeconds);
                    line.Set(MemcachedOptions.IdleTimeout, seconds.ToString(CultureInfo.InvariantCulture));
                    break;
                case "read_buf_mem_limit":
                    int mebibytes = Translation.Number("-o read_buf_mem_limit", value, 0, MaxMebibytes);
                    SetBuffers(line, mebibytes);
                    break;
                case "maxconns_fast":
                    line.Set(MemcachedOptions.Full, "refuse");
                    break;
                case "no_maxconns_fast":
                    line.Set(MemcachedOptions.Full, "wait");
                    break;
                case string name when Array.Exists(Dangerous, start => name.StartsWith(start, StringComparison.Ordinal)):
                    throw Translation.Wrong(
                        "-o",
                        word,
                        name.StartsWith("ssl_", StringComparison.Ordinal)
                            ? "TLS has the certificate of --credentials FOLDER here, with -Z"
                            : "Granary is no proxy: its silos find each other");
                default:
                    line.IgnoredWords.Add(word);
                    break;
            }
        }
    }

    // memcached's 0 is no limit; here there is always one.
    private static void SetBuffers(Translation line, int mebibytes)
    {
        if (mebibytes > 0)
        {
            line.Set(MemcachedOptions.Buffers, string.Create(CultureInfo.InvariantCulture, $"{mebibytes}MiB"));
        }
    }
}
