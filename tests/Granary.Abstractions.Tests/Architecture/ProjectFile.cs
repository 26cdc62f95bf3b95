using System.Xml.Linq;
using Granary.Tests.Shared;

namespace Granary.Abstractions.Tests.Architecture;

/// <summary>What one project file of the product says: its name and what it refers to.</summary>
internal sealed class ProjectFile
{
    private ProjectFile(string path)
    {
        XDocument document = XDocument.Load(path);
        Name = Path.GetFileNameWithoutExtension(path);
        Folder = Path.GetDirectoryName(path)!;
        References = [.. Includes(document, "ProjectReference").Select(FileName)];
        Packages = Includes(document, "PackageReference");
    }

    public string Name { get; }

    public string Folder { get; }

    /// <summary>Names of the projects it references directly, without folder and extension.</summary>
    public IReadOnlyList<string> References { get; }

    public IReadOnlyList<string> Packages { get; }

    /// <summary>Its C# files, generated ones under bin and obj left out.</summary>
    public IEnumerable<string> SourceFiles() => SourceTree.CSharpFiles(Folder);

    /// <summary>Every project outside tests: src, the silo and the sample.</summary>
    public static IReadOnlyList<ProjectFile> ReadProduct()
    {
        string tests = RepositoryRoot.Combine("tests") + Path.DirectorySeparatorChar;
        return
        [
            .. Directory
                .EnumerateFiles(RepositoryRoot.Path, "*.csproj", SearchOption.AllDirectories)
                .Where(path => !path.StartsWith(tests, StringComparison.Ordinal) && !SourceTree.IsBuildOutput(path))
                .Order(StringComparer.Ordinal)
                .Select(path => new ProjectFile(path)),
        ];
    }

    public static ProjectFile Read(string relativePath) => new(RepositoryRoot.Combine(relativePath));

    private static List<string> Includes(XDocument document, string element) =>
        [.. document.Descendants(element).Select(item => item.Attribute("Include")?.Value).OfType<string>()];

    private static string FileName(string include) =>
        Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
}
