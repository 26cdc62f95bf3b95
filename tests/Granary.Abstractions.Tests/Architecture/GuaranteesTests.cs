using System.Text.RegularExpressions;
using Granary.Tests.Shared;

namespace Granary.Abstractions.Tests.Architecture;

/// <summary>docs/guarantees.md says by what each guarantee holds, and which test fails without it: both must be there.</summary>
public sealed partial class GuaranteesTests
{
    private const int LeastGuarantees = 100; // or the tables are not read

    private static readonly string[] SourceFolders = ["src", "Silo", "k8s"];

    private static readonly string[][] Rows =
    [
        .. File.ReadLines(RepositoryRoot.Combine("docs/guarantees.md"))
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(static line => line.Trim('|', ' ').Split(" | "))
            .Where(static cells => cells[0] != "README says"),
    ];

    [Fact]
    public void Mechanisms_OfTheGuarantees_AreInFilesThatThereAre()
    {
        string[] files =
        [
            .. SourceFolders
                .SelectMany(static folder => Directory.EnumerateFiles(RepositoryRoot.Combine(folder), "*", SearchOption.AllDirectories))
                .Where(static path => !SourceTree.IsBuildOutput(path))
                .Select(static path => $"/{SourceTree.Display(path).Replace('\\', '/')}"),
        ];

        IEnumerable<string> missing = Rows
            .SelectMany(static row => Quoted().Matches(row[1]).Select(static match => match.Groups["name"].Value))
            .Where(static name => name.EndsWith(".cs", StringComparison.Ordinal) || name.EndsWith(".yaml", StringComparison.Ordinal))
            .Where(name => !Array.Exists(files, file => file.EndsWith($"/{name}", StringComparison.Ordinal)));

        Assert.Equal(string.Empty, string.Join('\n', missing));
    }

    [Fact]
    public void Tests_OfTheGuarantees_AreThere()
    {
        ILookup<string, string> classes = SourceTree.CSharpFiles(RepositoryRoot.Combine("tests"))
            .ToLookup(static path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

        IEnumerable<string> missing = Rows
            .SelectMany(static row => Quoted().Matches(row[2]).Select(static match => match.Groups["name"].Value))
            .Where(static name => !name.StartsWith("Granary.", StringComparison.Ordinal)) // a project
            .Where(name => !IsThere(name.Split('.'), classes));

        Assert.Equal(string.Empty, string.Join('\n', missing));
    }

    [Fact]
    public void Guarantees_AllOfThem_NameATest()
    {
        Assert.True(Rows.Length >= LeastGuarantees, $"There are only {Rows.Length}.");
        Assert.All(Rows, static row => Assert.Contains("Tests", row[2], StringComparison.Ordinal));
    }

    // A class, or its methods by a pattern.
    private static bool IsThere(string[] name, ILookup<string, string> classes)
    {
        string pattern = name.Length == 1
            ? "Fact|Theory"
            : $@"(void|Task) {Regex.Escape(name[1]).Replace(@"\*", @"\w*", StringComparison.Ordinal)}(Async)?\(";
        return classes[name[0]].Any(path => Regex.IsMatch(File.ReadAllText(path), pattern, RegexOptions.None, TimeSpan.FromSeconds(10)));
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Quoted();
}
