using System.CommandLine;

namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>The command line of <c>hitratio</c>.</summary>
internal sealed class HitRatioCommand
{
    private readonly Command _command = new(
        "hitratio", "How often Granary's policies, and others of the same size, hit under real traces.");

    private readonly Option<string[]> _traces = CommonOptions.List(
        "--traces", $"Traces, in their order: {string.Join(", ", TraceCatalog.Names)}.", string.Join(',', TraceCatalog.Names));

    private readonly Option<string[]> _policies = CommonOptions.List(
        "--policies", $"Policies: {string.Join(", ", PolicyCatalog.Names)}.", string.Join(',', PolicyCatalog.Names));

    private readonly Option<int> _requests =
        CommonOptions.Count("--requests", "Requests of a trace, from its beginning.", 5_000_000);

    private readonly Option<FileInfo?> _csv = new("--csv") { Description = "File to write one line per figure to." };

    private readonly Option<DirectoryInfo?> _plots = new("--plots") { Description = "Folder to write PNG files to." };

    private HitRatioCommand()
    {
        ((List<Option>)[_traces, _policies, _requests, _csv, _plots]).ForEach(_command.Options.Add);
        RejectUnknown(_traces, TraceCatalog.Names);
        RejectUnknown(_policies, PolicyCatalog.Names);
        _command.SetAction((result, cancellationToken) =>
            new HitRatioScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new HitRatioCommand()._command;

    private static void RejectUnknown(Option<string[]> option, IReadOnlyList<string> known) =>
        option.Validators.Add(result => CommonOptions.Reject(
            result,
            option.Name,
            result.GetValueOrDefault<string[]>().Except(known, StringComparer.Ordinal).Any(),
            $"must be some of {string.Join(", ", known)}, with commas between"));

    private HitRatioSettings Read(ParseResult result) => new()
    {
        Traces = result.GetValue(_traces)!,
        Policies = result.GetValue(_policies)!,
        MaxRequests = result.GetValue(_requests),
        Csv = result.GetValue(_csv),
        Plots = result.GetValue(_plots),
    };
}
