namespace Granary.Abstractions.Tests.Architecture;

/// <summary>
/// The diagram of ARCHITECTURE.md as data: an arrow is a row's reference. Projects to come are listed already; only
/// those that exist are compared. A project that is in no row fails: draw its arrows first.
/// </summary>
public sealed class ProjectDirectionTests
{
    private static readonly Dictionary<string, string[]> Diagram = new(StringComparer.Ordinal)
    {
        ["Granary.Abstractions"] = [],
        ["Granary.Store"] = [],
        ["Granary.Security"] = ["Granary.Abstractions"],
        ["Granary.Cache"] = ["Granary.Abstractions", "Granary.Store"],
        ["Granary.Queues"] = ["Granary.Abstractions"],
        ["Granary.Streams"] = ["Granary.Abstractions"],
        ["Granary.Memcached"] = ["Granary.Cache", "Granary.Security"],
        ["Granary.Clustering"] = ["Granary.Abstractions", "Granary.Security"],
        ["Granary.Client"] = ["Granary.Abstractions", "Granary.Security"],
        ["Granary.AspNetCore"] = ["Granary.Client"],
        ["Granary.FusionCache"] = ["Granary.Client"],
        ["Granary.Administration"] = ["Granary.Abstractions"],
        ["Granary.Console"] = ["Granary.Administration"],
        ["Granary.Instrumentation"] = [],
        ["Granary.Server"] =
        [
            "Granary.Cache", "Granary.Clustering", "Granary.Console", "Granary.Memcached", "Granary.Queues",
            "Granary.Security", "Granary.Streams",
        ],
        ["Granary.CommandLine"] = ["Granary.Administration", "Granary.Client"],
        ["Silo"] =
        [
            "Granary.Cache", "Granary.Clustering", "Granary.Queues", "Granary.Streams", "Granary.Memcached",
            "Granary.Console", "Granary.CommandLine", "Granary.Instrumentation", "Granary.Security",
        ],
        ["Tool"] = ["Granary.CommandLine"],
        ["ClientSample"] =
        [
            "Granary.Client", "Granary.AspNetCore", "Granary.FusionCache", "Granary.Streams", "Granary.Cache", "Granary.Clustering",
            "Granary.Queues",
        ],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Granary.Abstractions"] = ["Microsoft.Orleans.Sdk", "System.IO.Hashing"],
        ["Granary.Store"] = ["System.IO.Hashing"],
    };

    public static TheoryData<string> ProductProjects() => [.. ProjectFile.ReadProduct().Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void Project_OfTheProduct_ReferencesWhatTheDiagramDraws(string name)
    {
        IReadOnlyList<ProjectFile> projects = ProjectFile.ReadProduct();
        ProjectFile project = projects.Single(candidate => candidate.Name == name);
        HashSet<string> existing = [.. projects.Select(candidate => candidate.Name)];

        Assert.True(Diagram.TryGetValue(name, out string[]? drawn), $"{name} is not in the diagram.");

        Assert.Equal(
            drawn.Where(existing.Contains).Order(StringComparer.Ordinal),
            project.References.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Granary.Abstractions")]
    [InlineData("Granary.Store")]
    public void Packages_OfALeafProject_AreOnTheList(string name)
    {
        ProjectFile project = ProjectFile.Read($"src/{name}/{name}.csproj");

        Assert.Empty(project.Packages.Except(AllowedPackages[name], StringComparer.Ordinal));
    }

    [Fact]
    public void Diagram_FollowedFromAnyProject_HasNoCycle()
    {
        foreach (string project in Diagram.Keys)
        {
            Assert.DoesNotContain(project, Reachable(project));
        }
    }

    private static HashSet<string> Reachable(string project)
    {
        HashSet<string> reached = [];
        Queue<string> waiting = new(Diagram[project]);
        while (waiting.TryDequeue(out string? next))
        {
            if (reached.Add(next))
            {
                Array.ForEach(Diagram[next], waiting.Enqueue);
            }
        }

        return reached;
    }
}
