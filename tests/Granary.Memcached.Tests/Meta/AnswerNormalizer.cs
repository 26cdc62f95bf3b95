using System.Globalization;

namespace Granary.Memcached.Tests.Meta;

// What may differ between Granary and memcached 1.6.18, and why:
//
//  - cas numbers: each server has its own. They are counted as they appear, so that equal ones must be equal in both.
//  - seconds of t: memcached's clock ticks while a sequence runs, Granary's stands still. Rounded up to 50.
//  - t of what is over: 1.6.18 writes a negative number as an unsigned one, Granary 0.
//  - l and la: 1.6.18 does not count the first fetch of an item as a use here, Granary does, as the document says.
//  - exp of me: 1.6.18 has the wrong sign. Only whether there is an expiration is compared.
//  - size of me: each has headers of its own. cls: Granary has no slab classes.
//  - T of ma whose number gets longer: 1.6.18 gives the new time to the old item. Such commands are not made.
//  - an opaque that is too long: 1.6.18 looks at it when it has read the item, which so was used. It is of no item here.
//  - a number that was padded with blanks and appended to: memcached counts what is before the blank and drops the rest, to
//    Granary it is no number. The sequence ends there.
//  - errors of md's flags: 1.6.18 says "invalid or duplicate flag" as for ma, 1.6.45 says what is wrong, as for mg.

/// <summary>Makes the answers of two servers comparable. One for each, and for each sequence.</summary>
internal sealed class AnswerNormalizer
{
    private readonly Dictionary<string, string> _casNames = new(StringComparer.Ordinal) { ["0"] = "0" };

    /// <summary>The answer without what may differ.</summary>
    /// <param name="request">What it answers.</param>
    /// <param name="answer">The answer, with bars for line ends.</param>
    public string Normalize(string request, string answer)
    {
        if (request.StartsWith("md ", StringComparison.Ordinal) && answer.StartsWith("CLIENT_ERROR", StringComparison.Ordinal))
        {
            return "CLIENT_ERROR";
        }

        int end = answer.IndexOf('|', StringComparison.Ordinal);
        string[] words = (end < 0 ? answer : answer[..end]).Split(' ');
        bool isDebug = words[0] == "ME";
        bool isValue = words[0] == "VALUE";
        for (int index = words[0] == "VA" ? 2 : 1; index < words.Length; index++)
        {
            if (isDebug)
            {
                words[index] = DebugWord(words[index]);
            }
            else if (isValue)
            {
                words[index] = index == 4 ? CasName(words[index]) : words[index];
            }
            else if (words[0] is "HD" or "VA" or "EX" or "NS" or "NF" or "EN")
            {
                words[index] = FlagWord(words[index]);
            }
        }

        return string.Join(' ', words) + (end < 0 ? "" : answer[end..]);
    }

    private string FlagWord(string word) => word switch
    {
        ['c', >= '0' and <= '9', ..] => "c" + CasName(word[1..]),
        ['l', >= '0' and <= '9', ..] => "l",
        ['t', >= '0' and <= '9', ..] => "t" + Rounded(word[1..]),
        _ => word,
    };

    private string DebugWord(string word) => word.Split('=') switch
    {
        ["exp", "-1"] => word,
        ["cas", var cas] => "cas=" + CasName(cas),
        ["exp" or "la" or "size" or "cls", _] => word.Split('=')[0],
        _ => word,
    };

    private static string Rounded(string seconds)
    {
        long number = long.Parse(seconds, CultureInfo.InvariantCulture);
        long rounded = number > int.MaxValue ? 0 : (number + 49) / 50 * 50;
        return rounded.ToString(CultureInfo.InvariantCulture);
    }

    private string CasName(string cas)
    {
        if (!_casNames.TryGetValue(cas, out string? name))
        {
            name = $"#{_casNames.Count}";
            _casNames.Add(cas, name);
        }

        return name;
    }
}
