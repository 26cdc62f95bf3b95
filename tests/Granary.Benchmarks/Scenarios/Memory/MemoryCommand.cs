using System.CommandLine;
using System.CommandLine.Parsing;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Memory;

/// <summary>The command line of <c>memory</c>.</summary>
internal sealed class MemoryCommand
{
    private const string DefaultPeers = "granary,memcached,redis,garnet";

    private readonly Command _command = new("memory", "The resident memory that an entry takes in each server.");

    private readonly Option<string[]> _peers = CommonOptions.List(
        "--peers", $"Servers: {string.Join(", ", PeerCatalog.Names)}.", DefaultPeers);

    private readonly Option<EntryShape[]> _shapes = new("--shapes")
    {
        Description = "Bytes of keys and of values, KEY+VALUE, with commas between.",
        DefaultValueFactory = static _ => [new EntryShape(36, 224), new EntryShape(16, 100)],
        CustomParser = ParseShapes,
    };

    private readonly Option<int[]> _entries = CommonOptions.Counts(
        "--entries", "Entries at each reading of the memory, rising, with commas between.", "1000000,5000000");

    // Five million entries of 260 bytes, twice over: nothing is evicted.
    private readonly Option<int> _memory = CommonOptions.Count(
        "--memory", "Memory every server may use for data, in MiB: enough for all entries.", 4096);

    private readonly Option<FileInfo?> _csv = new("--csv") { Description = "File to write one line per reading to." };

    private readonly Option<DirectoryInfo?> _plots = new("--plots") { Description = "Folder for a PNG file per shape." };

    private MemoryCommand()
    {
        ((List<Option>)[_peers, _shapes, _entries, _memory, _csv, _plots]).ForEach(_command.Options.Add);
        _peers.Validators.Add(static result => CommonOptions.Reject(
            result,
            "--peers",
            result.GetValueOrDefault<string[]>().Except(PeerCatalog.Names, StringComparer.Ordinal).Any(),
            $"must name servers among {string.Join(", ", PeerCatalog.Names)}"));
        _entries.Validators.Add(static result => CommonOptions.Reject(
            result,
            "--entries",
            result.GetValueOrDefault<int[]>() is not { Length: > 1 } counts || !counts.SequenceEqual(counts.Order().Distinct()),
            "must be two numbers or more, each greater than the one before"));
        _command.SetAction((result, cancellationToken) =>
            new MemoryScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new MemoryCommand()._command;

    private static EntryShape[] ParseShapes(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        var shapes = new List<EntryShape>();
        foreach (string part in text.Split(','))
        {
            if (!EntryShape.TryParse(part, out EntryShape shape))
            {
                result.AddError($"--shapes is {text}; it must be KEY+VALUE in bytes, keys of 14 to 100, values of 1 to 65536.");
                return [];
            }

            shapes.Add(shape);
        }

        return [.. shapes];
    }

    private MemorySettings Read(ParseResult result) => new()
    {
        Peers = result.GetValue(_peers)!,
        PeerSettings = new PeerSettings { MemoryMebibytes = result.GetValue(_memory) },
        Shapes = result.GetValue(_shapes)!,
        Entries = result.GetValue(_entries)!,
        Csv = result.GetValue(_csv),
        Plots = result.GetValue(_plots),
    };
}
