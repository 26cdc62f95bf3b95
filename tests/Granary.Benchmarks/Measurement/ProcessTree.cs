using System.Globalization;

namespace Granary.Benchmarks.Measurement;

/// <summary>What servers used so far, with all processes they started (PostgreSQL has one per connection).</summary>
/// <param name="Cpu">Of the living, and of the ended ones that were waited for.</param>
/// <param name="WrittenBytes">Sent to the disk: <c>write_bytes</c> of <c>/proc/PID/io</c>.</param>
/// <param name="MemoryBytes">Resident, shared pages counted once: <c>Pss</c> of <c>/proc/PID/smaps_rollup</c>.</param>
internal readonly record struct ProcessTree(TimeSpan Cpu, long WrittenBytes, long MemoryBytes)
{
    // sysconf(_SC_CLK_TCK): the kernel's USER_HZ, 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessTree Read(IEnumerable<int> rootProcessIds)
    {
        var total = default(ProcessTree);
        foreach (Stat process in Members(rootProcessIds))
        {
            total = new ProcessTree(
                total.Cpu + process.Cpu,
                total.WrittenBytes + Number(process.Id, "io", "write_bytes:"),
                total.MemoryBytes + (Number(process.Id, "smaps_rollup", "Pss:") * 1024));
        }

        return total;
    }

    /// <summary>The processes and their living descendants.</summary>
    public static int[] ProcessIds(IEnumerable<int> rootProcessIds) =>
        [.. Members(rootProcessIds).Select(process => process.Id)];

    private static List<Stat> Members(IEnumerable<int> rootProcessIds)
    {
        ILookup<int, Stat> children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0)
            .Select(Stat.TryRead)
            .OfType<Stat>()
            .ToLookup(process => process.ParentId);
        List<Stat> members = [.. rootProcessIds.Select(Stat.TryRead).OfType<Stat>()];
        for (int i = 0; i < members.Count; i++)
        {
            members.AddRange(children[members[i].Id]);
        }

        return members;
    }

    private static long Number(int processId, string file, string label)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{processId}/{file}")
                .FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal));
            string? number = line?[label.Length..].Trim().Split(' ')[0];
            return number is null ? 0 : long.Parse(number, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0; // it has ended, or belongs to another user
        }
    }

    private sealed record Stat(int Id, int ParentId, TimeSpan Cpu)
    {
        public static Stat? TryRead(int processId)
        {
            try
            {
                // The second field is the command in parentheses and may hold spaces. Field 4 is the parent; 14 to 17
                // are utime, stime, and both of the children that were waited for.
                string stat = File.ReadAllText($"/proc/{processId}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                long ticks = fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
                return new Stat(
                    processId,
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    TimeSpan.FromSeconds(ticks / TicksPerSecond));
            }
            catch (IOException)
            {
                return null; // it has ended
            }
        }
    }
}
