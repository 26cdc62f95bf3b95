using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios;

/// <summary>Options that scenarios share, and the kinds of values they take.</summary>
internal sealed class CommonOptions
{
    /// <param name="command">Gets the options.</param>
    /// <param name="peers">The servers of a run by default; <see langword="null"/> if they are not to be chosen.</param>
    /// <param name="keys">The default.</param>
    /// <param name="seconds">The default.</param>
    /// <param name="rounds">The default.</param>
    /// <param name="serverThreads">The default; <see langword="null"/> for each server's own.</param>
    public CommonOptions(Command command, string? peers, int keys, double seconds, int rounds, int? serverThreads)
    {
        Peers = List("--peers", $"Servers, in the order of a round: {string.Join(", ", PeerCatalog.Names)}.", peers ?? "");
        Keys = Count("--keys", "Keys stored before the first round.", keys);
        ValueBytes = Count("--value", "Length of a value, in bytes.", 100);
        Seconds = Duration("--seconds", "Measured time of a round, in seconds.", seconds);
        WarmupSeconds = Duration("--warmup", "Time before it that does not count, in seconds.", 1);
        Rounds = Count("--rounds", "Rounds; every round measures every server once.", rounds);
        Memory = Count("--memory", "Memory every server may use for data, in MiB.", 1024);
        ServerThreads = new Option<int?>("--server-threads")
        {
            Description = "Network threads of every server; without it, each server's own default.",
            DefaultValueFactory = _ => serverThreads,
        };
        Cpu = Core();
        Csv = new Option<FileInfo?>("--csv") { Description = "File to write one line per server and round to." };

        if (peers is not null)
        {
            command.Options.Add(Peers);
        }

        ((List<Option>)[Keys, ValueBytes, Seconds, WarmupSeconds, Rounds, Memory, ServerThreads, Cpu, Csv])
            .ForEach(command.Options.Add);
        Peers.Validators.Add(RejectUnknownPeers);
    }

    public Option<string[]> Peers { get; }

    public Option<int> Keys { get; }

    public Option<int> ValueBytes { get; }

    public Option<double> Seconds { get; }

    public Option<double> WarmupSeconds { get; }

    public Option<int> Rounds { get; }

    public Option<int> Memory { get; }

    public Option<int?> ServerThreads { get; }

    public Option<int?> Cpu { get; }

    public Option<FileInfo?> Csv { get; }

    public PeerSettings PeerSettings(ParseResult result) => new()
    {
        MemoryMebibytes = result.GetValue(Memory),
        Threads = result.GetValue(ServerThreads),
        Cpu = result.GetValue(Cpu),
    };

    /// <summary>A positive whole number.</summary>
    public static Option<int> Count(string name, string description, int defaultValue)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result =>
            Reject(result, name, result.GetValueOrDefault<int>() < 1, "must be at least 1"));
        return option;
    }

    /// <summary>Positive whole numbers with commas between them.</summary>
    public static Option<int[]> Counts(string name, string description, string defaultValue)
    {
        return new Option<int[]>(name)
        {
            Description = description,
            DefaultValueFactory = result => Parse(result, defaultValue),
            CustomParser = result => Parse(result, result.Tokens[0].Value),
        };

        int[] Parse(ArgumentResult result, string text)
        {
            int[] counts = [.. text.Split(',').Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0)];
            if (counts.Contains(0))
            {
                result.AddError($"{name} is {text}; it must be whole numbers of at least 1 with commas between them.");
            }

            return counts;
        }
    }

    /// <summary>Words with commas between them.</summary>
    public static Option<string[]> List(string name, string description, string defaultValue) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => defaultValue.Split(','),
        CustomParser = result => result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries),
    };

    public static void Reject(OptionResult result, string name, bool isWrong, string rule)
    {
        if (isWrong)
        {
            string given = result.Tokens.Count == 0 ? "its default" : result.Tokens[0].Value;
            result.AddError($"{name} is {given}; it {rule}.");
        }
    }

    /// <summary>A number of seconds.</summary>
    public static Option<double> Duration(string name, string description, double defaultValue)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result =>
        {
            bool isWrong = result.GetValueOrDefault<double>() is not (> 0 and <= 3600);
            Reject(result, name, isWrong, "must be more than 0 and at most 3600");
        });
        return option;
    }

    /// <summary>The core of the servers.</summary>
    public static Option<int?> Core()
    {
        var option = new Option<int?>("--cpu")
        {
            Description = "Core that every server is pinned to. Default: not pinned.",
        };
        option.Validators.Add(RejectUnknownCpu);
        return option;
    }

    private static void RejectUnknownPeers(OptionResult result)
    {
        string[] unknown = [.. result.GetValueOrDefault<string[]>().Except(PeerCatalog.Names, StringComparer.Ordinal)];
        string known = string.Join(", ", PeerCatalog.Names);
        Reject(result, "--peers", unknown.Length > 0, $"must name servers among {known}");
    }

    private static void RejectUnknownCpu(OptionResult result)
    {
        int? cpu = result.GetValueOrDefault<int?>();
        int last = Environment.ProcessorCount - 1;
        Reject(result, "--cpu", cpu < 0 || cpu > last, $"must be from 0 to {last}");
    }
}
