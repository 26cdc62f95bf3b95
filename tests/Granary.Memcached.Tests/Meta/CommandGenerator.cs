namespace Granary.Memcached.Tests.Meta;

/// <summary>
/// Makes sequences of meta commands mixed with classic ones, on a few keys, of what memcached 1.6.18 knows as well. A bar
/// ends a line; <c>@</c> is the cas that the command's key has then, <c>@-</c> and <c>@+</c> one below and above.
/// </summary>
internal sealed class CommandGenerator(Random random)
{
    private const string BinaryKey = "AAECDQo=";

    private static readonly string[] Times = ["T0", "T100", "T1000", "T-1"];
    private static readonly string[] Creations = ["N0", "N100", "N1000"];
    private static readonly string[] Refreshes = ["R10", "R500", "R5000", "R0", "R-1"];
    private static readonly string[] Comparisons = ["C@", "C@", "C@", "C@-", "C@+", "C0", "C1"];
    private static readonly string[] Values =
        ["", "0", "5", "9", "10", "99", "007", "1000", "abc", "x", "18446744073709551615"];

    /// <summary>The next command.</summary>
    /// <param name="keys">Its key is one of them.</param>
    /// <returns>The key, and the command.</returns>
    public (string Key, string Command) Next(string[] keys)
    {
        if (random.Next(12) == 0)
        {
            return (BinaryKey, NextOfBinaryKey());
        }

        string key = keys[random.Next(keys.Length)];
        string command = random.Next(20) switch
        {
            < 6 => Get(key),
            < 11 => Set(key),
            < 13 => $"md {key}{Flags("q", "k", "Ox", "I", One(Times), One(Comparisons))}|",
            < 16 => Count(key),
            16 => $"me {key}|",
            17 => Broken(key),
            _ => Classic(key),
        };
        return (key, command);
    }

    private string Get(string key)
    {
        string flags = Flags(
            "v", "s", "f", "t", "c", "h", "l", "k", "q", "u", "Oab", One(Times), One(Creations), One(Refreshes));
        return $"mg {key}{flags}|";
    }

    private string Set(string key)
    {
        string value = One(Values);
        string flags = Flags(
            "q", "k", "Oxyz", "c", "I", $"F{random.Next(9)}", One(Times), One(Modes("EAPRSSS")), One(Comparisons));
        return $"ms {key} {value.Length}{flags}|{value}|";
    }

    private string Count(string key)
    {
        string[] others = ["q", "k", "Ox", "v", "t", "c", $"J{random.Next(200)}", $"D{random.Next(200)}", One(Comparisons)];
        return random.Next(3) == 0
            ? $"ma {key} {One(Modes("D-"))}{Flags([One(Times), .. others])}|" // a number that grows is not touched by 1.6.18
            : $"ma {key}{Flags([One(Modes("I+D-")), One(Creations), .. others])}|";
    }

    // Not joined and not created, because there 1.6.18 forgets how the key is written.
    private string NextOfBinaryKey() => random.Next(4) switch
    {
        0 => $"mg {BinaryKey} b{Flags("v", "s", "k", "q", "h", One(Times), One(Refreshes))}|",
        1 => $"ms {BinaryKey} 1 b{Flags("k", "q", One(Modes("ERS")), One(Comparisons))}|z|",
        2 => $"md {BinaryKey} b{Flags("k", "q", "I", One(Comparisons))}|",
        _ => $"me {BinaryKey} b|",
    };

    private string Broken(string key) => random.Next(9) switch
    {
        0 => $"mg {key} v v|",
        1 => $"mg {key} z q|",
        2 => $"mg {key} Tx q|",
        3 => $"ms {key} 2 F-1|ab|",
        4 => $"ms {key} 2 Mx|ab|",
        5 => $"ma {key} Mx|",
        6 => $"ma {key} D-1|",
        7 => $"md {key} C-1|",
        _ => $"mg nobody O{new string('o', 32)}|",
    };

    private string Classic(string key)
    {
        string value = One(Values);
        return random.Next(12) switch
        {
            0 => $"get {key}|",
            1 => $"gets {key}|",
            2 => $"set {key} {random.Next(9)} 0 {value.Length}|{value}|",
            3 => $"add {key} 0 1000 {value.Length}|{value}|",
            4 => $"replace {key} 0 0 {value.Length}|{value}|",
            5 => $"append {key} 0 0 {value.Length}|{value}|",
            6 => $"prepend {key} 0 0 {value.Length}|{value}|",
            7 => $"cas {key} 1 0 {value.Length} @|{value}|",
            8 => $"incr {key} {random.Next(200)}|",
            9 => $"decr {key} {random.Next(200)}|",
            10 => $"touch {key} {(random.Next(5) == 0 ? -1 : 1000)}|",
            _ => random.Next(2) == 0 ? $"gat 100 {key}|" : $"delete {key}|",
        };
    }

    // Some of the flags, in any order.
    private string Flags(params string[] flags)
    {
        random.Shuffle(flags);
        int count = Math.Min(random.Next(6), flags.Length);
        return string.Concat(flags.Take(count).Select(static flag => " " + flag));
    }

    private static string[] Modes(string letters) => [.. letters.Select(static letter => $"M{letter}")];

    private string One(string[] choices) => choices[random.Next(choices.Length)];
}
