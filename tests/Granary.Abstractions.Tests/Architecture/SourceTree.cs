using Granary.Tests.Shared;

namespace Granary.Abstractions.Tests.Architecture;

/// <summary>Finds the source files of the repository; build output is none.</summary>
internal static class SourceTree
{
    /// <summary>The C# files at and below a folder; none where there is no such folder.</summary>
    public static IEnumerable<string> CSharpFiles(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path => !IsBuildOutput(path))
            : [];

    public static bool IsBuildOutput(string path) =>
        Path.GetRelativePath(RepositoryRoot.Path, path)
            .Split(Path.DirectorySeparatorChar)
            .Any(part => part is "bin" or "obj" or "artifacts");

    /// <summary>The path as a message shows it: from the root of the repository.</summary>
    public static string Display(string path) => Path.GetRelativePath(RepositoryRoot.Path, path);
}
