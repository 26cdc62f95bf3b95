using System.CommandLine;
using Granary.CommandLine.Connecting;

namespace Granary.CommandLine.Tests.Doubles;

/// <summary>A command line, run without a process.</summary>
internal sealed class CommandRun
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public RecordedTerminal Terminal { get; init; } = new();

    public FakeCluster Cluster { get; } = new();

    /// <summary>The settings of the last connection.</summary>
    public ConnectionSettings? Settings { get; private set; }

    /// <summary>Thrown instead of a connection.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>What the parser said.</summary>
    public string ParserText { get; private set; } = string.Empty;

    public CommandRun With(string variable, string value)
    {
        _variables[variable] = value;
        return this;
    }

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(params string[] line) => RunAsync(CancellationToken.None, line);

    /// <param name="interrupt">Ctrl-C.</param>
    /// <param name="line">The command line.</param>
    public async Task<int> RunAsync(CancellationToken interrupt, params string[] line)
    {
        var root = new RootCommand(GranaryVerbs.Description);
        var surroundings = new Surroundings(
            Terminal,
            (settings, _) =>
            {
                Settings = settings;
                return Refusal is null ? Task.FromResult<ICluster>(Cluster) : throw Refusal;
            },
            _variables.GetValueOrDefault,
            new NoDelay());
        foreach (Command verb in GranaryVerbs.All(surroundings))
        {
            root.Subcommands.Add(verb);
        }

        var text = new StringWriter { NewLine = "\n" };
        int code = await GranaryVerbs.InvokeAsync(
            root.Parse(line), new InvocationConfiguration { Output = text, Error = text, EnableDefaultExceptionHandler = false }, interrupt);
        ParserText = text.ToString();
        return code;
    }

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class NoDelay : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 26, 16, 0, 5, TimeSpan.Zero);
    }
}
