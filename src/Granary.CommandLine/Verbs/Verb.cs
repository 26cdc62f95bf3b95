using System.CommandLine;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;

namespace Granary.CommandLine.Verbs;

/// <summary>Makes commands that connect, run, and end with a sentence and a code if they fail.</summary>
internal static class Verb
{
    /// <summary>A command that talks to a cluster.</summary>
    /// <param name="surroundings">The world.</param>
    /// <param name="name">What is typed.</param>
    /// <param name="description">For help.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="run">Does it, and returns the exit code.</param>
    public static Command Create(
        Surroundings surroundings,
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<VerbCall, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        var connection = new ConnectionOptions(surroundings);
        connection.AddTo(command);
        command.SetAction((line, cancellationToken) =>
            RunAsync(surroundings, new VerbCall(surroundings, line, connection), run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Surroundings surroundings,
        VerbCall call,
        Func<VerbCall, CancellationToken, Task<int>> run,
        CancellationToken cancellationToken)
    {
        try
        {
            await using (call)
            {
                return await run(call, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) // the edge: one command line
        {
            surroundings.Terminal.Error.WriteLine($"granary: {Sentences.Of(exception)}");
            return CodeOf(exception);
        }
    }

    private static int CodeOf(Exception exception) => exception switch
    {
        VerbException verb => verb.ExitCode,
        ArgumentException => ExitCodes.WrongCommandLine, // the client checks names and lengths
        GranaryUnavailableException => ExitCodes.NotReached,
        _ => ExitCodes.Failed,
    };
}
