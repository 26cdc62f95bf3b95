using Spectre.Console;

namespace Granary.CommandLine.Rendering;

/// <summary>The terminal of this process, or what its streams are redirected to.</summary>
internal sealed class SystemTerminal(TimeProvider time) : ITerminal
{
    private static readonly TimeSpan KeyPeriod = TimeSpan.FromMilliseconds(50);

    private readonly Lazy<IAnsiConsole> _console = new(static () => AnsiConsole.Create(new AnsiConsoleSettings
    {
        // https://no-color.org: present, and not empty.
        ColorSystem = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            ? ColorSystemSupport.Detect
            : ColorSystemSupport.NoColors,
    }));

    /// <inheritdoc/>
    public bool IsRich => !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <inheritdoc/>
    public bool CanAsk => !System.Console.IsInputRedirected;

    /// <inheritdoc/>
    public TextWriter Out => System.Console.Out;

    /// <inheritdoc/>
    public TextWriter Error => System.Console.Error;

    /// <inheritdoc/>
    public IAnsiConsole Console => _console.Value;

    /// <inheritdoc/>
    public Stream OpenInput() => System.Console.OpenStandardInput();

    /// <inheritdoc/>
    public Stream OpenOutput() => System.Console.OpenStandardOutput();

    /// <inheritdoc/>
    public string? ReadLine() => System.Console.In.ReadLine();

    /// <inheritdoc/>
    public async Task<bool> WaitForQuitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        long begin = time.GetTimestamp();
        while (time.GetElapsedTime(begin) is var elapsed && elapsed < wait)
        {
            while (CanAsk && System.Console.KeyAvailable)
            {
                if (System.Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q')
                {
                    return true;
                }
            }

            TimeSpan rest = wait - elapsed;
            await Task.Delay(CanAsk && KeyPeriod < rest ? KeyPeriod : rest, time, cancellationToken);
        }

        return false;
    }
}
