using System.CommandLine;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>The command line of <c>churn</c>.</summary>
internal sealed class ChurnCommand
{
    private static readonly string[] Servers = ["granary", "memcached"];

    private readonly Command _command = new(
        "churn", "Values of all sizes written, expired and evicted for long, and the memory halved at the end under that load.");

    private readonly Option<string[]> _peers = CommonOptions.List(
        "--peers", $"Servers, all at once: {string.Join(", ", Servers)}.", string.Join(',', Servers));

    private readonly Option<double> _seconds = CommonOptions.Duration("--seconds", "Time before the memory is halved, in seconds.", 600);
    private readonly Option<int> _rate = CommonOptions.Count("--rate", "Gets and sets a second on each server, half and half.", 5_000);
    private readonly Option<int> _window = CommonOptions.Count("--window", "The newest keys, which are read and written again.", 100_000);
    private readonly Option<int> _maxValue = CommonOptions.Count("--max-value", "Longest value, in bytes; the logarithms are uniform.", 16_384);
    private readonly Option<int> _memory = CommonOptions.Count("--memory", "Memory every server may use for data, in MiB.", 256);

    private ChurnCommand()
    {
        ((List<Option>)[_peers, _seconds, _rate, _window, _maxValue, _memory]).ForEach(_command.Options.Add);
        _peers.Validators.Add(static result => CommonOptions.Reject(
            result,
            "--peers",
            result.GetValueOrDefault<string[]>().Except(Servers, StringComparer.Ordinal).Any(),
            $"must name servers among {string.Join(", ", Servers)}"));
        _maxValue.Validators.Add(static result => CommonOptions.Reject(
            result,
            "--max-value",
            result.GetValueOrDefault<int>() is < ChurnValues.LeastBytes or > ChurnValues.GreatestBytes,
            $"must be from {ChurnValues.LeastBytes} to {ChurnValues.GreatestBytes}"));
        _command.SetAction((result, cancellationToken) =>
            new ChurnScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new ChurnCommand()._command;

    private ChurnSettings Read(ParseResult result) => new()
    {
        Peers = result.GetValue(_peers)!,
        PeerSettings = new PeerSettings { MemoryMebibytes = result.GetValue(_memory) },
        Duration = TimeSpan.FromSeconds(result.GetValue(_seconds)),
        Rate = result.GetValue(_rate),
        Window = result.GetValue(_window),
        MaxValueBytes = result.GetValue(_maxValue),
    };
}
