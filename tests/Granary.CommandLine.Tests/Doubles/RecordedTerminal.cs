using Granary.CommandLine.Rendering;
using Spectre.Console;

namespace Granary.CommandLine.Tests.Doubles;

/// <summary>A terminal, or what stands for one, that keeps what is written.</summary>
internal sealed class RecordedTerminal : ITerminal, IDisposable
{
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly MemoryStream _bytes = new();

    public RecordedTerminal(bool isRich = false, bool hasColors = false)
    {
        IsRich = isRich;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(_text),
        });
        Console.Profile.Width = 200;
        Console.Profile.Capabilities.Unicode = true;
    }

    public bool IsRich { get; }

    public bool CanAsk { get; init; }

    /// <summary>What is typed when a question is asked.</summary>
    public string? Answer { get; init; }

    /// <summary>What comes through standard input.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>After so many waits q is pressed.</summary>
    public int WaitsUntilQuit { get; set; } = int.MaxValue;

    public TextWriter Out => _text;

    public TextWriter Error => _error;

    public IAnsiConsole Console { get; }

    /// <summary>Text on standard output, lines ended by \n.</summary>
    public string Text => _text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Text on standard error.</summary>
    public string ErrorText => _error.ToString();

    /// <summary>Bytes on standard output.</summary>
    public byte[] Bytes => _bytes.ToArray();

    public Stream OpenInput() => new MemoryStream(Input);

    public Stream OpenOutput() => new KeptStream(_bytes);

    public string? ReadLine() => Answer;

    public Task<bool> WaitForQuitAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        Task.FromResult(WaitsUntilQuit-- <= 0);

    public void Dispose()
    {
        _text.Dispose();
        _error.Dispose();
        _bytes.Dispose();
    }

    /// <summary>Its bytes outlive it.</summary>
    private sealed class KeptStream(MemoryStream kept) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                kept.Write(ToArray());
            }

            base.Dispose(disposing);
        }
    }
}
