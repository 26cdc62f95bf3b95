using System.CommandLine;

namespace Granary.Benchmarks.Scenarios.WebConsole;

/// <summary>The command line of <c>console</c>.</summary>
internal sealed class WebConsoleCommand
{
    private readonly Command _command = new(
        "console", "The console of a silo in Chromium: its first load, and its pages beside a large generated cluster.");

    private readonly Option<double> _seconds = CommonOptions.Duration("--seconds", "Time on each page, in seconds.", 8);
    private readonly Option<int> _rounds = CommonOptions.Count("--rounds", "Rounds; each starts a silo.", 3);

    private readonly Option<DirectoryInfo> _packages = new("--packages")
    {
        Description = "Folder in which npm has installed playwright-core.",
        DefaultValueFactory = _ => new DirectoryInfo("artifacts/node"),
    };

    private WebConsoleCommand()
    {
        ((List<Option>)[_seconds, _rounds, _packages]).ForEach(_command.Options.Add);
        _command.SetAction((result, cancellationToken) =>
            new WebConsoleScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new WebConsoleCommand()._command;

    private WebConsoleSettings Read(ParseResult result) => new()
    {
        TimeOnPage = TimeSpan.FromSeconds(result.GetValue(_seconds)),
        Rounds = result.GetValue(_rounds),
        Packages = result.GetValue(_packages)!,
    };
}
