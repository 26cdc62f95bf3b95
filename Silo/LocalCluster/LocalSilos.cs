using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Granary.Silo.Hosting;

namespace Granary.Silo.LocalCluster;

/// <summary>Silos as child processes, which write to the same console.</summary>
/// <param name="first">The first one's ports; each further one has those that follow.</param>
/// <param name="arguments">Further ones of each silo.</param>
internal sealed class LocalSilos(Ports first, IReadOnlyList<string> arguments) : IAsyncDisposable
{
    private const int Terminate = 15; // SIGTERM

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("granary-cluster-").FullName;
    private readonly List<Process> _running = [];

    /// <summary>
    /// Starts them, the first one first, and waits until all are to end, or that one has ended, or another one has failed.
    /// Without one that was told to leave the others go on.
    /// </summary>
    /// <returns>The exit code: that of the silo because of which all end.</returns>
    public async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            string ports = Path.Combine(_folder, "ports");
            Start(number: 0, ["--port-file", ports]);
            while (!File.Exists(ports) && !_running[0].HasExited)
            {
                await Task.Delay(PollPeriod, cancellationToken); // the others join it
            }

            for (int number = 1; number < count && !_running[0].HasExited; number++)
            {
                Start(number, ["--primary", Text($"127.0.0.1:{first.Silo}")]);
            }

            List<Task<int>> ends = [.. _running.Select(silo => EndOfAsync(silo, cancellationToken))];
            Task<int> firstEnd = ends[0];
            Task<int> ended = await Task.WhenAny(ends);
            while (ended != firstEnd && await ended == 0)
            {
                ends.Remove(ended);
                ended = await Task.WhenAny(ends);
            }

            return await ended;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    /// <summary>Tells all to stop, the first one last, for the others need it, and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Process silo in _running.AsEnumerable().Reverse())
        {
            if (!OperatingSystem.IsWindows() && !silo.HasExited) // there Ctrl-C has reached them already
            {
                _ = SendSignal(silo.Id, Terminate);
            }

            await silo.WaitForExitAsync();
            silo.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<int> EndOfAsync(Process silo, CancellationToken cancellationToken)
    {
        await silo.WaitForExitAsync(cancellationToken);
        return silo.ExitCode;
    }

    private void Start(int number, string[] others)
    {
        string[] own =
        [
            "--name", Text($"{(char)('a' + number)}"),
            "--memcached-port", Text($"{first.Memcached + number}"),
            "--silo-port", Text($"{first.Silo + number}"),
            "--gateway-port", Text($"{first.Gateway + number}"),
            "--http-port", Text($"{first.Http + number}"),
        ];
        _running.Add(Process.Start(OwnProgram.With([.. own, .. others, .. arguments]))!);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
