namespace Granary.Memcached.Tests.Watching;

/// <summary>Commands of which watchers are told, wherever their keys are. A bar ends a line.</summary>
internal static class WatchCases
{
    /// <summary>Commands that store, of all kinds.</summary>
    public const string Stores = "set a 0 0 1|x|add a 0 0 1|y|add b 0 100 2|yy|append a 0 0 1|z|prepend a 0 0 1|z|replace zz 0 0 1|z|"
        + "cas a 0 0 1 1|q|cas nn 5 100 1 1|q|set n 5 100 1|1|ms a 2 T0|ab|ms a 1 MA|c|ms a 1 MR C1|c|ms a 1 I C1|c|ms nn 1 MR|c|"
        + "ms nn 1 ME|c|set sp%20:~ 0 0 1|1|ms AAECDQo= 1 b|a|set e 0 0 0||set q 0 0 1 noreply|x|ms q 1 q|x|";

    /// <summary>Commands that read, behind those that store.</summary>
    public const string Reads = "get a|get a b|gets a none|gat 0 a none|gats 0 none a|mg a v|mg a|mg none|mg none q|mg a s t|mg w N0 v|mg w v|"
        + "mg AAECDQo= b v|get sp%20:~ e|mg a v k Ox|";

    /// <summary>The lines of an answer, without what differs between servers and moments: time, number, class, descriptor.</summary>
    /// <param name="answer">What a watcher was told.</param>
    /// <param name="type">Of which lines.</param>
    public static string[] Lines(string answer, string type) =>
    [
        .. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains($" type={type} ", StringComparison.Ordinal))
            .Select(static line => string.Join(' ', line.Split(' ').Where(word => IsSame(word, line)))),
    ];

    // To memcached the size of what is joined is that of the whole.
    private static bool IsSame(string word, string line)
    {
        bool isJoin = line.Contains(" cmd=append ", StringComparison.Ordinal) || line.Contains(" cmd=prepend ", StringComparison.Ordinal);
        string name = word.Split('=')[0];
        return name is not ("ts" or "gid" or "clsid" or "cfd") && !(isJoin && name == "size");
    }
}
