using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Granary.Benchmarks.Measurement;

/// <summary>Counts the calls by which a server makes its writes durable, with strace, which slows it down.</summary>
internal sealed partial class SyncCounter : IAsyncDisposable
{
    private const int SIGINT = 2;

    private static readonly TimeSpan AttachTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _strace;
    private readonly string _summary;

    private SyncCounter(Process strace, string summary)
    {
        _strace = strace;
        _summary = summary;
    }

    /// <summary>Attaches to processes, their threads, and what they start.</summary>
    public static async Task<SyncCounter> StartAsync(IEnumerable<int> processIds, CancellationToken cancellationToken)
    {
        string summary = Path.GetTempFileName();
        List<string> arguments = ["-c", "-f", "-e", "trace=fsync,fdatasync,msync,sync_file_range", "-o", summary];
        foreach (int processId in processIds)
        {
            arguments.AddRange(["-p", processId.ToString(CultureInfo.InvariantCulture)]);
        }

        var start = new ProcessStartInfo("strace", arguments) { RedirectStandardError = true, UseShellExecute = false };
        Process strace = Process.Start(start) ?? throw new InvalidOperationException("strace did not start.");
        var counter = new SyncCounter(strace, summary);
        var attached = new TaskCompletionSource();
        strace.ErrorDataReceived += (_, _) => attached.TrySetResult(); // strace: Process 123 attached with 9 threads
        strace.BeginErrorReadLine();
        try
        {
            await attached.Task.WaitAsync(AttachTimeout, cancellationToken);
            return counter;
        }
        catch
        {
            await counter.DisposeAsync();
            throw;
        }
    }

    /// <summary>Detaches, and tells how many calls there were.</summary>
    public async Task<long> StopAsync(CancellationToken cancellationToken)
    {
        _ = Signal(_strace.Id, SIGINT);
        await _strace.WaitForExitAsync(cancellationToken);

        // % time     seconds  usecs/call     calls    errors syscall
        return File.ReadLines(_summary)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length >= 5 && fields[^1] is "fsync" or "fdatasync" or "msync" or "sync_file_range")
            .Sum(fields => long.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
        {
            _ = Signal(_strace.Id, SIGINT);
            await _strace.WaitForExitAsync();
        }

        _strace.Dispose();
        File.Delete(_summary);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
