using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Granary.Tests.Shared.Processes;

/// <summary>
/// A process that a test started and that ends with it: disposing kills this process, and no other. Runs in a folder
/// of its own, which is deleted at the end.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // signal(7), the numbers of Linux on x86 and ARM.
    private const int SignalInterrupt = 2;
    private const int SignalTerminate = 15;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private readonly Process _process;
    private readonly string _name;

    private ChildProcess(Process process, string name, string folder)
    {
        _process = process;
        _name = name;
        Folder = folder;
        _process.OutputDataReceived += (_, line) => Receive(line.Data);
        _process.ErrorDataReceived += (_, line) => Receive(line.Data);
    }

    /// <summary>The last lines of standard output and error together.</summary>
    public BoundedOutput Output { get; } = new();

    /// <summary>The working folder, empty at the start.</summary>
    public string Folder { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The operating system's.</summary>
    public int Id => _process.Id;

    /// <summary>Resident memory now (VmRSS of /proc/PID/status). Bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status")
                .First(candidate => candidate.StartsWith("VmRSS:", StringComparison.Ordinal));
            string kibibytes = line.Split(' ', '\t').First(part => part.Length > 0 && char.IsAsciiDigit(part[0]));
            return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>A new empty folder for <see cref="Start"/>; the process deletes it.</summary>
    public static string CreateFolder() => Directory.CreateTempSubdirectory("granary-test-").FullName;

    /// <param name="name">What messages call it.</param>
    /// <param name="folder">From <see cref="CreateFolder"/>.</param>
    /// <param name="program">A path, or a name in PATH.</param>
    /// <param name="arguments">Passed as they are, without a shell.</param>
    /// <param name="environment">Variables added to the test's own.</param>
    public static ChildProcess Start(
        string name,
        string folder,
        string program,
        IEnumerable<string> arguments,
        params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start }, name, folder);
        child.Begin();
        return child;
    }

    /// <summary>Asks the process to stop (SIGTERM) and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync(TimeSpan deadline)
    {
        Send(SignalTerminate);
        return WaitForExitAsync(deadline);
    }

    /// <summary>Asks the process to stop as Ctrl-C does (SIGINT) and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> InterruptAsync(TimeSpan deadline)
    {
        Send(SignalInterrupt);
        return WaitForExitAsync(deadline);
    }

    /// <summary>
    /// Lets the process run no further (SIGSTOP): to others it is silent, and its connections stay open. Returns when
    /// all its threads stand: the signal goes to one of them, and on a busy machine the others run on until that one
    /// has had its turn.
    /// </summary>
    public void Pause()
    {
        Send(SignalStop);
        SpinWait.SpinUntil(() => _process.HasExited || Directory.EnumerateDirectories($"/proc/{Id}/task").All(IsStopped));
    }

    /// <summary>Lets the process go on (SIGCONT).</summary>
    public void Resume() => Send(SignalContinue);

    /// <summary>Ends the process at once (SIGKILL), without waiting.</summary>
    public void Kill() => _process.Kill();

    /// <returns>The exit code; all output has been received.</returns>
    /// <exception cref="TimeoutException">Still running after the deadline; the message has the output.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException error)
        {
            throw new TimeoutException($"{_name} still ran after {deadline}. Its output:\n{Output}", error);
        }

        return _process.ExitCode;
    }

    /// <summary>Polls a condition that depends on this process, until it holds.</summary>
    /// <param name="awaited">What is waited for, for the message.</param>
    /// <param name="deadline">From now.</param>
    /// <param name="condition">Asked every 20 ms.</param>
    /// <exception cref="TimeoutException">Not so at the deadline, or the process ended before.</exception>
    public async Task WaitUntilAsync(string awaited, TimeSpan deadline, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (_process.HasExited)
            {
                await WaitForExitAsync(deadline);
                throw new TimeoutException(
                    $"{_name} ended with code {_process.ExitCode} before {awaited}. Its output:\n{Output}");
            }

            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"{_name}: no {awaited} after {deadline}. Its output:\n{Output}");
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);

    // The state is the first field of /proc/PID/task/TID/stat behind the name in brackets; a thread may end meanwhile.
    private static bool IsStopped(string threadFolder)
    {
        try
        {
            string fields = File.ReadAllText(Path.Combine(threadFolder, "stat"));
            return fields[fields.LastIndexOf(')') + 2] is 'T' or 't';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Send(int signal)
    {
        if (!_process.HasExited && SendSignal(_process.Id, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill(2) of {_name}");
        }
    }

    private void Begin()
    {
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Receive(string? line)
    {
        if (line is not null)
        {
            Output.Add(line);
        }
    }
}
