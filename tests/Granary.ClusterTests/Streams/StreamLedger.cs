using System.Collections.Concurrent;
using System.Globalization;

namespace Granary.ClusterTests.Streams;

/// <summary>Which events were confirmed, and which the subscribers' processes say they have had.</summary>
internal sealed class StreamLedger(string reports)
{
    private readonly ConcurrentDictionary<(string Stream, int Number), bool> _confirmed = [];
    private long _unknown;

    public int Confirmed => _confirmed.Count;

    public long Unknown => Interlocked.Read(ref _unknown);

    public void Confirm(string stream, int number) => _confirmed[(stream, number)] = true;

    public void NoteUnknown() => Interlocked.Increment(ref _unknown);

    /// <summary>What subscribers of a stream have not had of what was confirmed; and how often something came twice.</summary>
    /// <param name="subscribersOf">Of each stream.</param>
    public (IReadOnlyList<string> Missing, long Twice) Compare(Func<string, string[]> subscribersOf)
    {
        Dictionary<(string, string, int), int> had = [];
        foreach (string line in Directory.EnumerateFiles(reports).SelectMany(ReadLines))
        {
            string[] words = line.Split(' ');
            var one = (words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture));
            had[one] = had.GetValueOrDefault(one) + 1;
        }

        string[] missing =
        [
            .. _confirmed.Keys
                .SelectMany(one => subscribersOf(one.Stream).Select(subscriber => (subscriber, one.Stream, one.Number)))
                .Where(one => !had.ContainsKey(one))
                .Select(one => $"{one.subscriber} {one.Stream} {one.Number}"),
        ];
        return (missing, had.Values.Sum(count => (long)count - 1));
    }

    // The last line of a process that was killed may be half there.
    private static IEnumerable<string> ReadLines(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        string text = reader.ReadToEnd();
        return text.Split('\n')[..^1];
    }
}
