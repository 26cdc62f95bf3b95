using System.CommandLine;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Kv;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>Options of the commands in which silos come and go.</summary>
internal sealed class ChangeOptions
{
    // Nothing may be evicted, also with replicas when two of three silos are left: they need room for everything twice,
    // with headers and index.
    private const int MemoryPerFill = 2;

    private readonly Option<int> _fill;
    private readonly Option<int> _valueBytes;
    private readonly Option<int> _rounds;
    private readonly Option<FileInfo?> _csv = new("--csv") { Description = "File to write one line per figure to." };

    /// <param name="command">Gets the options.</param>
    /// <param name="fill">The default. Mebibytes.</param>
    /// <param name="valueBytes">The default.</param>
    /// <param name="rounds">The default.</param>
    public ChangeOptions(Command command, int fill, int valueBytes, int rounds)
    {
        // So each of 256 shards has some entries, and a byte for each can be held here.
        _fill = Range(
            "--fill", $"Keys and values stored, in MiB; each silo may use {MemoryPerFill} times that.", fill, 64, 4096);
        _valueBytes = Range("--value", "Length of a value, in bytes.", valueBytes, 64, 4096);
        _rounds = CommonOptions.Count("--rounds", "Rounds; every round measures everything once.", rounds);
        ((List<Option>)[_fill, _valueBytes, _rounds, _csv]).ForEach(command.Options.Add);
    }

    public ChangeSettings Read(ParseResult result)
    {
        int fill = result.GetValue(_fill);
        int valueBytes = result.GetValue(_valueBytes);
        return new ChangeSettings
        {
            PeerSettings = new PeerSettings { MemoryMebibytes = fill * MemoryPerFill },
            Entries = (int)(((long)fill << 20) / (KvScenario.KeyLengthBytes + valueBytes)),
            ValueBytes = valueBytes,
            Rounds = result.GetValue(_rounds),
            Csv = result.GetValue(_csv),
        };
    }

    private static Option<int> Range(string name, string description, int defaultValue, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result => CommonOptions.Reject(
            result,
            name,
            result.GetValueOrDefault<int>() is var value && (value < min || value > max),
            $"must be from {min} to {max}"));
        return option;
    }
}
