using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Verbs;
using Granary.CommandLine.Verbs.Cache;
using Granary.CommandLine.Verbs.Cluster;
using Granary.CommandLine.Verbs.Queues;

namespace Granary.CommandLine;

/// <summary>The verbs of the command line: for a command of their own, and for others to have beside theirs.</summary>
public static class GranaryVerbs
{
    /// <summary>What a command that has nothing else is good for.</summary>
    public const string Description = """
        Watches and operates a Granary cluster.

        Exit codes: 0 done, 1 not there or not healthy, 2 wrong command line, 3 no silo answered, 4 failed, 130 Ctrl-C.
        What went wrong is one sentence on standard error. With --json standard output has JSON and nothing else.
        GRANARY_CONNECT and GRANARY_CREDENTIALS in the environment are what --connect and --credentials are not given.
        """;

    private static readonly string[] Names =
        ["status", "shards", "top", "get", "set", "delete", "queue", "drain", "completion"];

    /// <summary>New commands, to be added to a root command.</summary>
    public static IReadOnlyList<Command> All() => All(Surroundings.Create());

    /// <summary>Whether a line is about one of them.</summary>
    public static bool IsOne(ParseResult line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return VerbOf(line) is { } verb && Names.Contains(verb.Name, StringComparer.Ordinal);
    }

    /// <summary>Runs a line, or says what is wrong with it.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(ParseResult line) => InvokeAsync(line, new InvocationConfiguration());

    internal static IReadOnlyList<Command> All(Surroundings surroundings) =>
    [
        StatusVerb.Create(surroundings),
        ShardsVerb.Create(surroundings),
        TopVerb.Create(surroundings),
        GetVerb.Create(surroundings),
        SetVerb.Create(surroundings),
        DeleteVerb.Create(surroundings),
        QueueVerbs.Create(surroundings),
        DrainVerb.Create(surroundings),
        CompletionVerb.Create(surroundings),
    ];

    internal static Task<int> InvokeAsync(ParseResult line, InvocationConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Action is not ParseErrorAction)
        {
            return line.InvokeAsync(configuration);
        }

        string path = string.Join(' ', PathOf(line.CommandResult));
        foreach (ParseError error in line.Errors.DistinctBy(static error => error.Message, StringComparer.Ordinal))
        {
            configuration.Error.WriteLine($"granary: {error.Message}");
        }

        configuration.Error.WriteLine($"'{path} --help' tells more.");
        return Task.FromResult(ExitCodes.WrongCommandLine);
    }

    private static Command? VerbOf(ParseResult line)
    {
        CommandResult result = line.CommandResult;
        while (result.Parent is CommandResult { Parent: not null } parent)
        {
            result = parent;
        }

        return result.Parent is null ? null : result.Command;
    }

    private static IEnumerable<string> PathOf(CommandResult result) => result.Parent is CommandResult parent
        ? PathOf(parent).Append(result.Command.Name)
        : [result.Command.Name];
}
