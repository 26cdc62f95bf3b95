using Spectre.Console;

namespace Granary.CommandLine.Rendering;

/// <summary>Where a verb reads and writes.</summary>
internal interface ITerminal
{
    /// <summary>Whether a person looks at what is written: tables, colours and bars.</summary>
    bool IsRich { get; }

    /// <summary>Whether a person can be asked.</summary>
    bool CanAsk { get; }

    /// <summary>Standard output, for text.</summary>
    TextWriter Out { get; }

    /// <summary>Standard error.</summary>
    TextWriter Error { get; }

    /// <summary>Standard output of a terminal; only if <see cref="IsRich"/>.</summary>
    IAnsiConsole Console { get; }

    /// <summary>Standard input, for bytes.</summary>
    Stream OpenInput();

    /// <summary>Standard output, for bytes.</summary>
    Stream OpenOutput();

    /// <summary>A line that a person types; <see langword="null"/>: there is none.</summary>
    string? ReadLine();

    /// <summary>Waits, or until a person has had enough.</summary>
    /// <returns>Whether q was pressed.</returns>
    Task<bool> WaitForQuitAsync(TimeSpan wait, CancellationToken cancellationToken);
}
