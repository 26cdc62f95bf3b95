using System.CommandLine;
using Granary.CommandLine.Connecting;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>The verb <c>namespace</c>, which has verbs of its own.</summary>
internal static class NamespaceVerbs
{
    public static Command Create(Surroundings surroundings) =>
        new("namespace", "Looks at the cache's namespaces, and drops what one has. Silos are told of them by --namespaces.")
        {
            NamespaceListVerb.Create(surroundings),
            NamespaceDropVerb.Create(surroundings),
        };
}
