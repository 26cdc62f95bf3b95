using System.CommandLine;
using System.CommandLine.Help;
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
        GRANARY_CONNECT and GRANARY_CREDENTIALS in the environment stand for --connect and --credentials.
        """;

    private static readonly string[] Names =
        ["status", "shards", "top", "get", "set", "delete", "namespace", "queue", "drain", "completion"];

    /// <summary>New commands, to be added to a root command.</summary>
    public static IReadOnlyList<Command> All() => All(Surroundings.Create());

    /// <summary>Whether a line is to be run here: it is about one of them, or asks for help.</summary>
    public static bool Handles(ParseResult line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Action is HelpAction || (VerbOf(line) is { } verb && Names.Contains(verb.Name, StringComparer.Ordinal));
    }

    /// <summary>Runs a line, or says what is wrong with it.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(ParseResult line) => InvokeAsync(line, new InvocationConfiguration(), CancellationToken.None);

    internal static IReadOnlyList<Command> All(Surroundings surroundings) =>
    [
        StatusVerb.Create(surroundings),
        ShardsVerb.Create(surroundings),
        TopVerb.Create(surroundings),
        GetVerb.Create(surroundings),
        SetVerb.Create(surroundings),
        DeleteVerb.Create(surroundings),
        NamespaceVerbs.Create(surroundings),
        QueueVerbs.Create(surroundings),
        DrainVerb.Create(surroundings),
        CompletionVerb.Create(surroundings),
    ];

    internal static Task<int> InvokeAsync(
        ParseResult line, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Action is ParseErrorAction)
        {
            Refuse(line, configuration.Error);
            return Task.FromResult(ExitCodes.WrongCommandLine);
        }

        if (line.Action is HelpAction)
        {
            ShortenSubcommands(line.CommandResult.Command);
        }

        return line.InvokeAsync(configuration, cancellationToken);
    }

    private static void Refuse(ParseResult line, TextWriter writer)
    {
        // Of a word that is no verb the parser also says that there is none.
        Command command = line.CommandResult.Command;
        string[] messages = command.Subcommands.Count == 0 || line.UnmatchedTokens.Count == 0
            ? [.. line.Errors.Select(static error => error.Message).Distinct(StringComparer.Ordinal)]
            : [$"'{line.UnmatchedTokens[0]}' is no verb; there are {string.Join(", ", command.Subcommands.Select(static one => one.Name))}."];
        foreach (string message in messages)
        {
            writer.WriteLine($"granary: {message}");
        }

        writer.WriteLine($"'{string.Join(' ', PathOf(line.CommandResult))} --help' tells more.");
    }

    // A list of verbs has a line for each; all that is to be said of one is in its own help.
    private static void ShortenSubcommands(Command command)
    {
        foreach (Command verb in command.Subcommands)
        {
            verb.Description = verb.Description?.Split('\n')[0].TrimEnd();
        }
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
