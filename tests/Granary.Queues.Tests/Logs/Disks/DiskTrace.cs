using System.Globalization;
using System.Text;

namespace Granary.Queues.Tests.Logs.Disks;

/// <summary>
/// What a child wrote into its log's files and its journal, and when it had them flushed, as strace has seen it. From it
/// comes what a disk may hold after a power loss at any moment: what was flushed, and of the rest what chance leaves.
/// </summary>
internal sealed class DiskTrace
{
    private const int SectorBytes = 512; // what a disk writes whole

    private readonly List<DiskStep> _steps = [];
    private readonly string _journal;

    private DiskTrace(string journal)
    {
        _journal = journal;
    }

    /// <summary>Writes, flushes and truncations, in their order.</summary>
    public int Count => _steps.Count;

    /// <summary>The arguments that have strace write such a trace; a program and its arguments follow.</summary>
    public static string[] Wrapper(string strace, string output, string logPath) =>
    [
        strace, "-f", "-D", "-qq", "--seccomp-bpf", "-xx", "-y", "-s", "1000000", "-o", output,
        "-e", "trace=pwrite64,write,fsync,fdatasync,ftruncate",
        "-P", logPath, "-P", logPath + "-wal", "-P", LogJournal.PathOf(logPath),
    ];

    public static DiskTrace Read(string path, string logPath)
    {
        DiskTrace trace = new(LogJournal.PathOf(logPath));
        Dictionary<string, DiskStep> begun = new(StringComparer.Ordinal); // by thread
        foreach (string line in File.ReadLines(path))
        {
            string thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            string call = line[thread.Length..].TrimStart();
            if (call.StartsWith("<...", StringComparison.Ordinal))
            {
                trace.Add(begun[thread], call);
            }
            else if (DiskStep.TryParse(call) is not { } step)
            {
                continue; // a signal, or a thread's end
            }
            else if (call.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = step;
            }
            else
            {
                trace.Add(step, call);
            }
        }

        return trace;
    }

    /// <summary>Writes files as a disk may have them after a power loss.</summary>
    /// <param name="steps">So many are done when it comes.</param>
    /// <param name="folder">Gets the files.</param>
    /// <param name="random">Decides about what was not flushed.</param>
    /// <returns>The journal's text at that moment.</returns>
    public string LosePower(int steps, string folder, Random random)
    {
        StringBuilder journal = new();
        Dictionary<string, MemoryStream> files = new(StringComparer.Ordinal);
        List<DiskStep> pending = [];
        foreach (DiskStep step in _steps.Take(steps))
        {
            if (step.File == _journal)
            {
                journal.Append(Encoding.ASCII.GetString(step.Bytes));
            }
            else if (step.IsFlush)
            {
                pending.FindAll(write => write.File == step.File).ForEach(write => write.ApplyTo(FileOf(write)));
                pending.RemoveAll(write => write.File == step.File);
            }
            else
            {
                pending.Add(step);
            }
        }

        foreach (DiskStep write in pending)
        {
            write.ApplyTo(FileOf(write), SectorBytes, random);
        }

        foreach ((string file, MemoryStream content) in files)
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), content.ToArray());
        }

        return journal.ToString();

        MemoryStream FileOf(DiskStep write)
        {
            if (!files.TryGetValue(write.File, out MemoryStream? file))
            {
                files.Add(write.File, file = new MemoryStream());
            }

            return file;
        }
    }

    // What failed, or had not ended when the child did, is left out: nobody was told that it was done.
    private void Add(DiskStep step, string call)
    {
        string result = call[(call.LastIndexOf('=') + 1)..].Trim();
        if (long.TryParse(result, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            _steps.Add(step);
        }
    }
}
