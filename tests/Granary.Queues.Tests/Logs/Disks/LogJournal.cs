using System.Text;

namespace Granary.Queues.Tests.Logs.Disks;

/// <summary>
/// What a child was told by its log, line by line in a file beside it: what was confirmed, and what it was about to complete.
/// Another process compares it with what the log has.
/// </summary>
internal sealed class LogJournal(string logPath) : IDisposable
{
    private const string Sent = "sent";
    private const string Trying = "trying";
    private const string Completed = "completed";

    private readonly FileStream _file = new(PathOf(logPath), FileMode.Append, FileAccess.Write, FileShare.Read);

    /// <summary>Another in each run that appends to the file.</summary>
    public long Position => _file.Position;

    public static string PathOf(string logPath) => logPath + ".journal";

    public void AddSent(IEnumerable<string> ids) => Add(Sent, ids);

    public void AddTrying(IEnumerable<string> ids) => Add(Trying, ids);

    public void AddCompleted(IEnumerable<string> ids) => Add(Completed, ids);

    /// <summary>Fails unless everything confirmed is so.</summary>
    /// <param name="text">The file's, or its beginning. A line that is cut says nothing.</param>
    /// <param name="found">The MessageIds in the log.</param>
    /// <param name="when">For the message.</param>
    public static void AssertKept(string text, IReadOnlyList<string> found, string when)
    {
        ILookup<string, string> lines = text[..(text.LastIndexOf('\n') + 1)]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToLookup(words => words[0], words => words[1], StringComparer.Ordinal);
        HashSet<string> there = new(found, StringComparer.Ordinal);
        Assert.True(there.Count == found.Count, $"{when}: a MessageId is there twice.");
        Assert.True(lines[Sent].Except(lines[Trying], StringComparer.Ordinal).All(there.Contains), $"{when}: a confirmed send is lost.");
        Assert.False(lines[Completed].Any(there.Contains), $"{when}: a completed message is there again.");
    }

    public void Dispose() => _file.Dispose();

    private void Add(string what, IEnumerable<string> ids)
    {
        _file.Write(Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => $"{what} {id}\n"))));
        _file.Flush();
    }
}
