using System.Globalization;
using System.Runtime.InteropServices;

namespace Granary.Benchmarks.Load;

/// <summary>Keeps a load that runs on the thread pool off the servers' core.</summary>
internal static class LoadAffinity
{
    /// <summary>Moves every thread of this process; those started later inherit it.</summary>
    /// <exception cref="LoadException">The system refused.</exception>
    public static void KeepOff(int cpu)
    {
        ulong mask = 0;
        for (int core = 0; core < Math.Min(Environment.ProcessorCount, 64); core++)
        {
            mask |= core == cpu ? 0 : 1UL << core;
        }

        if (mask == 0)
        {
            throw new LoadException("There is one core only; without --cpu servers and load share it.");
        }

        foreach (string path in Directory.EnumerateDirectories("/proc/self/task"))
        {
            int thread = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            const int NoSuchThread = 3; // ESRCH: it has ended meanwhile
            if (Libc.SetAffinity(thread, sizeof(ulong), in mask) < 0 && Marshal.GetLastPInvokeError() != NoSuchThread)
            {
                throw new LoadException($"Thread {thread} could not be moved off core {cpu}.");
            }
        }
    }
}
