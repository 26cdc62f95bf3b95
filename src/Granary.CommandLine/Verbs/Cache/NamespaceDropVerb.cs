using System.CommandLine;
using Granary.Administration.State;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>The verb <c>namespace drop</c>.</summary>
internal static class NamespaceDropVerb
{
    private const string Description = """
        Removes all entries of a namespace for good, in the whole cluster. Prints how much it had.

        It asks before, unless --yes is given or standard input is no terminal. What is stored meanwhile stays.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = new Argument<string>("NAME") { Description = "The namespace's name, as 'namespace list' shows it." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        return Verb.Create(surroundings, "drop", Description, [name, yes], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            NamespaceState space = await FindAsync(cluster, call.Line.GetValue(name)!, cancellationToken);
            string size = Figures.Bytes(space.EntryBytes);
            call.AskUnless(call.Line.GetValue(yes), $"Remove all entries of namespace {space.Name}, {size}, for good?");
            await cluster.Cache.RemoveNamespaceAsync(space.Name, cancellationToken);
            call.Tell(new ActionResult("drop", space.Name, space.Entries), $"All entries of namespace {space.Name} removed, {size}.");
            return ExitCodes.Done;
        });
    }

    private static async Task<NamespaceState> FindAsync(ICluster cluster, string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<NamespaceState> all =
            ClusterStates.Of([await cluster.ReadAsync(ReportParts.None, cancellationToken)]).Namespaces;
        string known = all.Count == 0 ? "there are none" : $"there are {string.Join(", ", all.Select(static one => one.Name))}";
        return all.FirstOrDefault(one => one.Name == name)
            ?? throw new VerbException($"There is no namespace '{name}'; {known}.", ExitCodes.No);
    }
}
