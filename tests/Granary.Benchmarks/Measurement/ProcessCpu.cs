using System.Globalization;

namespace Granary.Benchmarks.Measurement;

/// <summary>The processor time of other processes, all their threads, ended ones too.</summary>
internal static class ProcessCpu
{
    // sysconf(_SC_CLK_TCK): the kernel's USER_HZ, 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    public static TimeSpan Read(IEnumerable<int> processIds) =>
        processIds.Aggregate(TimeSpan.Zero, (sum, processId) => sum + Read(processId));

    /// <summary>utime + stime of <c>/proc/PID/stat</c> (proc(5)), in steps of 10 ms.</summary>
    public static TimeSpan Read(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");

        // The second field is the command in parentheses and may hold spaces; utime and stime are fields 14 and 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
