using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Granary.Silo.Hosting;

// A process of .NET cannot fork: its threads would be missing in the child. So this program is started once more. Its output is
// passed on until it is ready, and only then does the first one end: when the line of a start script returns, the silo answers,
// and if it could not start, the exit code says so.

/// <summary>A silo in the background: in a session of its own, without a terminal, and not waited for.</summary>
internal static class Daemon
{
    private const string Mark = "GRANARY_DAEMON"; // in the environment of the second process
    private const int ReadWrite = 2; // O_RDWR
    private const int StandardDescriptors = 3; // input, output, error

    /// <summary>Whether this process is to be one.</summary>
    public static bool IsThis { get; } = Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Starts this program once more, and waits until that is ready or has failed.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="cancellationToken">Ends it, if it is not ready yet.</param>
    /// <returns>The exit code: 0 when it is ready.</returns>
    public static async Task<int> StartAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = OwnProgram.With(arguments);
        start.Environment[Mark] = "1";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task end = Task.WhenAll(
            PassOnAsync(process.StandardOutput, System.Console.Out),
            PassOnAsync(process.StandardError, System.Console.Error));
        try
        {
            if (await Task.WhenAny(ready.Task, end) == ready.Task)
            {
                return 0;
            }

            await end;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        async Task PassOnAsync(StreamReader from, TextWriter to)
        {
            while (await from.ReadLineAsync(cancellationToken) is { } line)
            {
                await to.WriteLineAsync(line);
                if (line == ReadyLine(process.Id))
                {
                    ready.SetResult();
                }
            }
        }
    }

    /// <summary>Leaves the terminal and the processes that this one was started with.</summary>
    public static void LeaveSession() => Check(NewSession());

    /// <summary>
    /// The silo is ready. If it is a daemon: lets the starter go, and reads and writes nothing any more. .NET's console has
    /// descriptors of its own, of pipes that nobody reads then; it does not mind.
    /// </summary>
    public static void Detach()
    {
        if (!IsThis)
        {
            return;
        }

        System.Console.Out.WriteLine(ReadyLine(Environment.ProcessId));
        int nothing = Check(Open("/dev/null\0"u8.ToArray(), ReadWrite));
        for (int descriptor = 0; descriptor < StandardDescriptors; descriptor++)
        {
            Check(Duplicate(nothing, descriptor));
        }
    }

    private static string ReadyLine(int processId) =>
        string.Create(CultureInfo.InvariantCulture, $"granary: goes on in the background as process {processId}.");

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "setsid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NewSession();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int from, int to);
}
