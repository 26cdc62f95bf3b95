using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Granary.Benchmarks.Peers;

/// <summary>A server program that this program started, in a directory of its own, and stops by its id.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SIGINT = 2;
    private const int SIGTERM = 15;
    private const int MaxOutputLines = 20;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _directory;
    private readonly ServerCommand _command;
    private readonly Queue<string> _lastOutput = new(); // locked: two streams write it

    private ServerProcess(Process process, DirectoryInfo directory, ServerCommand command)
    {
        _process = process;
        _directory = directory;
        _command = command;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Its working directory. If it is its own: empty at the start and deleted at the end.</summary>
    public string Directory => _directory.FullName;

    public static ServerProcess Start(string program, IEnumerable<string> arguments, int? cpu) =>
        Start(new ServerCommand(program, [.. arguments]) { Cpu = cpu });

    // The core it is pinned to is set by taskset, which becomes the server: the id stays.
    public static ServerProcess Start(ServerCommand server)
    {
        string[] command = server.Cpu is { } core
            ? ["taskset", "-c", core.ToString(CultureInfo.InvariantCulture), server.Program, .. server.Arguments]
            : [server.Program, .. server.Arguments];
        DirectoryInfo directory = server.Directory is { } kept
            ? new DirectoryInfo(kept)
            : System.IO.Directory.CreateTempSubdirectory("granary-bench-");
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = directory.FullName,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROLL_FORWARD"] = "Major"; // Garnet, on a machine that has a newer runtime only
        foreach ((string name, string value) in server.Environment)
        {
            start.Environment[name] = value;
        }

        var process = new ServerProcess(new Process { StartInfo = start }, directory, server);
        try
        {
            process._process.Start();
        }
        catch (Win32Exception error)
        {
            process.DeleteOwnDirectory();
            throw new PeerException($"{command[0]} could not be started: {error.Message}");
        }

        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>How it ended and what it last wrote, for an error message.</summary>
    public string Describe()
    {
        string state = HasExited
            ? string.Create(CultureInfo.InvariantCulture, $"exited with code {_process.ExitCode}")
            : "is running";
        lock (_lastOutput)
        {
            return _lastOutput.Count == 0 ? state : $"{state}; its output ends:\n  {string.Join("\n  ", _lastOutput)}";
        }
    }

    /// <summary>For a program that does one thing and ends.</summary>
    /// <exception cref="PeerException">It failed.</exception>
    public async Task WaitForSuccessAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode != 0)
        {
            throw new PeerException($"{_command.Program} {Describe()}");
        }
    }

    /// <summary>Tells it to stop, and waits until it has.</summary>
    /// <exception cref="PeerException">It still ran after the timeout, or it failed.</exception>
    public async Task StopAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        AskToStop();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await WaitForSuccessAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PeerException($"{timeout.TotalSeconds} s after it was told to stop it {Describe()}");
        }
    }

    /// <summary>Ends it at once (SIGKILL), and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            AskToStop();
            using var timeout = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
        DeleteOwnDirectory();
    }

    private void AskToStop()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, _command.StopsByInterrupt ? SIGINT : SIGTERM);
        }
    }

    private void DeleteOwnDirectory()
    {
        if (_command.Directory is null)
        {
            _directory.Delete(recursive: true);
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lastOutput)
        {
            _lastOutput.Enqueue(line);
            if (_lastOutput.Count > MaxOutputLines)
            {
                _lastOutput.Dequeue();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
