namespace Granary.Memcached.Tests.Sessions;

/// <summary>
/// What is said in classic commands to an empty server, and what Granary and memcached 1.6.18 answer. A bar ends a line. Where
/// 1.6.18 answers as later ones do not, the case is in a test of its own.
/// </summary>
internal static class ClassicCases
{
    private const string BadLine = "CLIENT_ERROR bad command line format|";
    private const string NoNumber = "CLIENT_ERROR cannot increment or decrement non-numeric value|";

    private static readonly string LongestKey = new('k', 250);

    /// <summary>set, add, replace, append, prepend, cas (rules 1.1, 1.2, 3.5 and 4).</summary>
    public static TheoryData<string, string> Stores { get; } = new()
    {
        { "set k 5 0 2|ab|get k|", "STORED|VALUE k 5 2|ab|END|" },
        { "set k 5 0 2\nab|get k\n", "STORED|VALUE k 5 2|ab|END|" },
        { "set k 4294967295 0 1|a|get k|", "STORED|VALUE k 4294967295 1|a|END|" },
        { "set k 0 0 0||get k|", "STORED|VALUE k 0 0||END|" },
        { $"set {LongestKey} 0 0 1|a|get {LongestKey}|", $"STORED|VALUE {LongestKey} 0 1|a|END|" },
        { "add k 0 0 1|a|add k 1 0 1|b|get k|", "STORED|NOT_STORED|VALUE k 0 1|a|END|" },
        { "replace k 0 0 1|a|append k 0 0 1|a|prepend k 0 0 1|a|get k|", "NOT_STORED|NOT_STORED|NOT_STORED|END|" },
        { "set k 1 0 1|a|replace k 2 0 2|bb|get k|", "STORED|STORED|VALUE k 2 2|bb|END|" },
        { "set k 7 0 1|b|append k 8 -1 1|c|prepend k 9 -1 1|a|get k|", "STORED|STORED|STORED|VALUE k 7 3|abc|END|" },
        { "cas k 0 0 1 5|a|get k|", "NOT_FOUND|END|" },
        { "set k 0 0 1|a|cas k 0 0 1 0|b|cas k 0 0 1 18446744073709551615|b|get k|", "STORED|EXISTS|EXISTS|VALUE k 0 1|a|END|" },
        { "set k 0 0 3|old|set k 0 0 3|abcdefgh|get k|", "STORED|CLIENT_ERROR bad data chunk|ERROR|VALUE k 0 3|old|END|" },
        { "set k 0 0 3|a|get k|get k|", "CLIENT_ERROR bad data chunk|ERROR|END|" }, // it eats the next line's beginning
        { "set k 0 0 3\nabc\nxget k|", "CLIENT_ERROR bad data chunk|END|" }, // a value does not end in LF alone
        { "set k 0 0 3\nabc\n", "" },
        { "set k 0 0 -1|get k|", $"{BadLine}END|" },
        { "set k 0 0 x|get k|", $"{BadLine}END|" },
        { "set k 0 0 2147483646|get k|", $"{BadLine}END|" },
    };

    /// <summary>noreply (rule 4.6).</summary>
    public static TheoryData<string, string> Silent { get; } = new()
    {
        { "set k 0 0 1 noreply|a|get k|", "VALUE k 0 1|a|END|" },
        { "set k 0 0 1 NOREPLY|a|", "STORED|" },
        {
            "add k 0 0 1 noreply|a|add k 0 0 1 noreply|b|replace k 1 0 1 noreply|c|append k 0 0 1 noreply|d|"
                + "prepend k 0 0 1 noreply|b|get k|",
            "VALUE k 1 3|bcd|END|"
        },
        { "replace k 0 0 1 noreply|a|append k 0 0 1 noreply|a|prepend k 0 0 1 noreply|a|cas k 0 0 1 5 noreply|a|get k|", "END|" },
        { "set k 0 0 1 noreply|a|cas k 0 0 1 5 noreply|b|get k|", "VALUE k 0 1|a|END|" },
        { "set k 0 0 1 noreply|5|incr k 3 noreply|decr k 2 noreply|get k|", "VALUE k 0 1|6|END|" },
        { "set k 0 0 1 noreply|a|incr k 1 noreply|incr k x noreply|decr no 1 noreply|get no|", "END|" },
        { "set k 0 0 1 noreply|a|touch k -1 noreply|touch no 0 noreply|touch no x noreply|get k|", "END|" },
        { "set k 0 0 1 noreply|a|delete k noreply|delete k 0 noreply|delete k 10 noreply|get k|", "END|" },
        { "set k 0 0 3 noreply|abcdefgh|get k|", "ERROR|END|" }, // the error is of what follows the five bytes
        { "verbosity 1 noreply|cache_memlimit 64 noreply|get k|", "END|" },
    };

    /// <summary>get, gets, gat, gats, touch, delete (rules 3.1, 5 and 6).</summary>
    public static TheoryData<string, string> Reads { get; } = new()
    {
        { "set a 1 0 1|x|set b 2 0 2|yy|get b no a b|", "STORED|STORED|VALUE b 2 2|yy|VALUE a 1 1|x|VALUE b 2 2|yy|END|" },
        { "gets k|gat 0 k|gats 0 k|", "END|END|END|" },
        { "set k 0 0 1|a|get k noreply k|", "STORED|VALUE k 0 1|a|VALUE k 0 1|a|END|" },
        { "set k 3 0 1|a|gat 0 k no k|", "STORED|VALUE k 3 1|a|VALUE k 3 1|a|END|" },
        { "set k 0 0 1|a|gat -1 k|get k|", "STORED|VALUE k 0 1|a|END|END|" },
        { $"get {LongestKey}k|get k|", $"{BadLine}END|" },
        { $"gets k {LongestKey}k|get k|", $"{BadLine}END|" },
        { $"gat 0 k {LongestKey}k k|get k|", $"{BadLine}END|" },
        { "gat x k|gats 1.5 k|get k|", "CLIENT_ERROR invalid exptime argument|CLIENT_ERROR invalid exptime argument|END|" },
        { "touch k 0|set k 0 -1 1|a|touch k 0|", "NOT_FOUND|STORED|NOT_FOUND|" },
        { "set k 0 0 1|a|touch k 0|get k|touch k -1|get k|", "STORED|TOUCHED|VALUE k 0 1|a|END|TOUCHED|END|" },
        { "touch k x|touch k 1.5|", "CLIENT_ERROR invalid exptime argument|CLIENT_ERROR invalid exptime argument|" },
        { "delete k|set k 0 0 1|a|delete k|get k|", "NOT_FOUND|STORED|DELETED|END|" },
        { "set k 0 0 1|a|delete k 0|get k|", "STORED|DELETED|END|" },
        { "delete k 10|", "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]|" },
        { "GET k|nosuch|stats nosuch|get k|", "ERROR|ERROR|ERROR|END|" }, // and they do not close the connection
    };

    /// <summary>exptime (rule 7.1).</summary>
    public static TheoryData<string, string> Times { get; } = new()
    {
        { "set k 0 0 1|a|get k|", "STORED|VALUE k 0 1|a|END|" },
        { "set k 0 -1 1|a|get k|", "STORED|END|" },
        { "set k 0 2592000 1|a|get k|", "STORED|VALUE k 0 1|a|END|" }, // 30 days from now
        { "set k 0 2592001 1|a|get k|", "STORED|END|" }, // a time of 1970
        { "set k 0 0 1|a|touch k 2592000|get k|touch k 2592001|get k|", "STORED|TOUCHED|VALUE k 0 1|a|END|TOUCHED|END|" },
    };

    /// <summary>incr, decr (rules 5.2 to 5.6).</summary>
    public static TheoryData<string, string> Counts { get; } = new()
    {
        { "incr k 1|decr k 1|incr k 18446744073709551615|", "NOT_FOUND|NOT_FOUND|NOT_FOUND|" },
        { "set k 3 0 2|10|decr k 1|get k|", "STORED|9|VALUE k 3 2|9 |END|" },
        { "set k 0 0 2|10|decr k 1|incr k 5|get k|", "STORED|9|14|VALUE k 0 2|14|END|" }, // the blank is no harm
        { "set k 0 0 2|10|decr k 11|get k|decr k 1|", "STORED|0|VALUE k 0 2|0 |END|0|" },
        { "set k 3 0 2|99|incr k 1|get k|", "STORED|100|VALUE k 3 3|100|END|" },
        { "set k 0 0 20|18446744073709551615|incr k 1|get k|", $"STORED|0|VALUE k 0 20|0{new string(' ', 19)}|END|" },
        { "set k 0 0 1|2|incr k 18446744073709551615|", "STORED|1|" },
        { "set k 0 0 2| 5|incr k 1|get k|", "STORED|6|VALUE k 0 2|6 |END|" },
        { "set k 0 0 2|5 |incr k 1|get k|", "STORED|6|VALUE k 0 2|6 |END|" },
        { "set k 0 0 6|  12  |incr k 1|get k|", "STORED|13|VALUE k 0 6|13    |END|" },
        { "set k 0 0 3|007|incr k 1|get k|", "STORED|8|VALUE k 0 3|8  |END|" },
        { "set k 0 0 2|+5|incr k 1|get k|", "STORED|6|VALUE k 0 2|6 |END|" },
        { "set k 0 0 2|-5|incr k 1|get k|", $"STORED|{NoNumber}VALUE k 0 2|-5|END|" },
        { "set k 0 0 3|abc|decr k 1|get k|", $"STORED|{NoNumber}VALUE k 0 3|abc|END|" },
        { "set k 0 0 4|0x10|incr k 1|", $"STORED|{NoNumber}" },
        { "set k 0 0 2|1a|incr k 1|", $"STORED|{NoNumber}" },
        { "set k 0 0 3|5.5|incr k 1|", $"STORED|{NoNumber}" },
        { "set k 0 0 0||incr k 1|", $"STORED|{NoNumber}" },
        { "set k 0 0 20|18446744073709551616|incr k 1|", $"STORED|{NoNumber}" },
        { "incr k -1|decr k x|incr k 18446744073709551616|", string.Concat(Enumerable.Repeat("CLIENT_ERROR invalid numeric delta argument|", 3)) },
    };

    /// <summary>What is counted: the counters that have grown, in the order of stats (rules 7.6 and 9).</summary>
    public static TheoryData<string, string> Counters { get; } = new()
    {
        { "get a b a|gets a|", "cmd_get=4 get_misses=4" },
        { "set a 0 0 1|x|get a b a|", "cmd_get=3 cmd_set=1 get_hits=2 get_misses=1 total_items=1" },
        { "set a 0 0 1|x|add a 0 0 1|x|append b 0 0 1|x|replace b 0 0 1|x|append a 0 0 1|x|", "cmd_set=5 total_items=2" },
        { "set a 0 0 1|x|cas a 0 0 1 5|x|cas b 0 0 1 5|x|", "cmd_set=3 cas_misses=1 cas_badval=1 total_items=1" },
        { "set a 0 0 1|x|set a 0 0 1|xyz|set a 0 0 -1|", "cmd_set=2 total_items=1" }, // the data was taken
        { "set a 0 0 1|5|incr a 1|incr a 1|incr b 1|decr a 1|decr b 1|", "cmd_set=1 incr_misses=1 incr_hits=2 decr_misses=1 decr_hits=1 total_items=1" },
        { "set a 0 0 1|x|incr a 1|decr a 1|incr a x|ma a|", "cmd_set=1 total_items=1" },
        { "set a 0 0 1|5|delete a|delete a|delete a 10|", "cmd_set=1 delete_misses=1 delete_hits=1 total_items=1" },
        { "set a 0 0 1|5|touch a 0|touch b 0|touch a x|", "cmd_set=1 cmd_touch=2 touch_hits=1 touch_misses=1 total_items=1" },
        { "set a 0 0 1|5|gat 0 a b|gats 0 a|", "cmd_set=1 cmd_touch=3 touch_hits=2 touch_misses=1 total_items=1" }, // and no get
        { "set a 0 -1 1|x|get a|get a|", "cmd_get=2 cmd_set=1 get_misses=2 get_expired=1 total_items=1" },
        { "set a 0 -1 1|x|mg a|set b 0 -1 1|x|touch b 0|", "cmd_get=1 cmd_set=2 cmd_touch=1 get_misses=1 get_expired=2 touch_misses=1 total_items=2" },
        { "me a|ms a 1|x|ms a 1 ME|x|ms a 1 C1|x|ms a 1|xyz|", "cmd_set=4 cmd_meta=1 cas_badval=1 total_items=1" },
    };
}
