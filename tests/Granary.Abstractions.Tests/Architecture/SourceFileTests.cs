using Granary.Tests.Shared;

namespace Granary.Abstractions.Tests.Architecture;

/// <summary>What the source files may name, how long they are, and that each project says what it is.</summary>
public sealed class SourceFileTests
{
    private const int MostLinesOfAFile = 400;
    private const int MostLinesOfAReadme = 15;

    // None may be tested only with a host: the store, a queue's partition with its log, the protocol and a stream agent's
    // inbox know no grain and no web server.
    [Theory]
    [InlineData("src/Granary.Store")]
    [InlineData("src/Granary.Queues/Partitions")]
    [InlineData("src/Granary.Queues/Records")]
    [InlineData("src/Granary.Queues/Logs")]
    [InlineData("src/Granary.Queues/Owners")]
    [InlineData("src/Granary.Memcached/Protocol")]
    [InlineData("src/Granary.Streams/Inbox")]
    public void SourceFiles_OfAPurePart_DoNotNameOrleansOrAspNetCore(string folder)
    {
        string[] files = [.. SourceTree.CSharpFiles(RepositoryRoot.Combine(folder))];

        Assert.NotEmpty(files);
        AssertNone(files.Where(NamesAHost).Select(SourceTree.Display));
    }

    [Fact]
    public void SourceFiles_UnderSrc_AreAtMost400Lines()
    {
        IEnumerable<string> tooLong = SourceTree
            .CSharpFiles(RepositoryRoot.Combine("src"))
            .Select(path => (Path: path, Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > MostLinesOfAFile)
            .Select(file => $"{SourceTree.Display(file.Path)}: {file.Lines} lines");

        AssertNone(tooLong);
    }

    [Fact]
    public void Projects_UnderSrc_HaveAShortReadme()
    {
        IEnumerable<string> wrong = Directory
            .EnumerateDirectories(RepositoryRoot.Combine("src"))
            .Where(folder => SourceTree.CSharpFiles(folder).Any())
            .Select(folder => Path.Combine(folder, "README.md"))
            .Where(path => !File.Exists(path) || File.ReadLines(path).Count() > MostLinesOfAReadme)
            .Select(SourceTree.Display);

        AssertNone(wrong);
    }

    // xunit cuts long strings and long collections; whoever broke the rule wants the whole list.
    private static void AssertNone(IEnumerable<string> offenders)
    {
        string list = string.Join('\n', offenders);
        Assert.True(list.Length == 0, list);
    }

    // A comment that says "no Orleans" is welcome; a using, an attribute or a type's full name is not.
    private static bool NamesAHost(string path) =>
        File.ReadLines(path)
            .Select(line => line.Split("//", 2)[0])
            .Any(code => code.Contains("Orleans", StringComparison.Ordinal)
                || code.Contains("AspNetCore", StringComparison.Ordinal));
}
