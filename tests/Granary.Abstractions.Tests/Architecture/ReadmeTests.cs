using Granary.Tests.Shared;

namespace Granary.Abstractions.Tests.Architecture;

/// <summary>The C# that the root README shows is part of the sample, which the build compiles.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void CSharpBlocks_OfTheReadme_AreInTheSampleVerbatim()
    {
        string readme = RepositoryRoot.Combine("README.md");
        if (!File.Exists(readme))
        {
            Assert.Skip("There is no README.md at the root.");
        }

        string[] samples =
        [
            .. SourceTree
                .CSharpFiles(RepositoryRoot.Combine("ClientSample"))
                .Select(path => WithoutIndentation(File.ReadLines(path))),
        ];

        IEnumerable<string> strangers = CSharpBlocks(File.ReadLines(readme))
            .Where(block => !Array.Exists(samples, sample => ContainsLines(sample, block)));

        Assert.Empty(strangers);
    }

    [Fact]
    public void CSharpBlocks_InAList_AreReadWithoutIndentation()
    {
        string[] lines = ["text", "  ```csharp", "  if (a)", "  {", "      b();", "  }", "  ```", "```text", "no", "```"];

        Assert.Equal(["if (a)\n{\nb();\n}\n"], CSharpBlocks(lines));
    }

    [Theory]
    [InlineData("a();\nb();\n", "a();\n", true)]
    [InlineData("a();\nb();\n", "b();\n", true)]
    [InlineData("xa();\nb();\n", "a();\n", false)]
    [InlineData("a();\nx();\nb();\n", "a();\nb();\n", false)]
    public void Sample_ComparedWithABlock_MatchesWholeAdjacentLines(string sample, string block, bool contained)
    {
        Assert.Equal(contained, ContainsLines(sample, block));
    }

    private static List<string> CSharpBlocks(IEnumerable<string> lines)
    {
        List<string> blocks = [];
        List<string>? block = null;
        foreach (string line in lines)
        {
            if (block is null)
            {
                block = line.Trim() == "```csharp" ? [] : null;
            }
            else if (line.Trim() == "```")
            {
                blocks.Add(WithoutIndentation(block));
                block = null;
            }
            else
            {
                block.Add(line);
            }
        }

        Assert.True(block is null, "A csharp block of the README has no end.");
        return blocks;
    }

    private static string WithoutIndentation(IEnumerable<string> lines) =>
        string.Concat(lines.Select(line => line.Trim() + "\n"));

    private static bool ContainsLines(string sample, string block) =>
        ("\n" + sample).Contains("\n" + block, StringComparison.Ordinal);
}
