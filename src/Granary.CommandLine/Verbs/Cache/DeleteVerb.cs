using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Values;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>The verb <c>delete</c>.</summary>
internal static class DeleteVerb
{
    private const string Description = """
        Removes an entry.

        A key that is not there is said on standard error; the exit code is 1.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var key = new KeyArgument();
        return Verb.Create(surroundings, "delete", Description, key.Symbols, async (call, cancellationToken) =>
        {
            CacheKey which = key.Read(call.Line);
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            if (!await cluster.Cache.DeleteAsync(which, cancellationToken))
            {
                throw new VerbException($"There is no key '{key.Text(call.Line)}'.", ExitCodes.No);
            }

            call.Tell(new ActionResult("delete", key.Text(call.Line), 1), "Deleted.");
            return ExitCodes.Done;
        });
    }
}
