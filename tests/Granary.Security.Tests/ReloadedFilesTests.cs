using Microsoft.Extensions.Time.Testing;

namespace Granary.Security.Tests;

public sealed class ReloadedFilesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("granary-test-").FullName;
    private readonly List<string> _told = [];

    private string File1 => Path.Combine(_folder, "one");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Current_OfReplacedContent_IsTheNewOneAfterTheIntervalAndNotBefore()
    {
        ReloadedFiles<string> files = Start("a");
        File.WriteAllText(File1, "b");

        _time.Advance(ReloadedFiles<string>.CheckInterval - TimeSpan.FromTicks(1));
        Assert.Equal("a", files.Current);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("b", files.Current);
        Assert.Equal(["new b"], _told);
    }

    [Fact]
    public void Current_OfContentThatIsRefused_StaysAndIsToldOnce()
    {
        ReloadedFiles<string> files = Start("a");
        File.WriteAllText(File1, "bad");
        LookAgain(files);
        LookAgain(files);

        Assert.Equal("a", files.Current);
        Assert.Equal(["it is bad"], _told);
    }

    [Fact]
    public void Current_WhenAFileIsGoneAndComesBack_IsTheLastAndThenTheNew()
    {
        ReloadedFiles<string> files = Start("a");
        File.Delete(File1);
        LookAgain(files);
        LookAgain(files);
        Assert.Equal("a", files.Current);
        Assert.Contains(File1, Assert.Single(_told), StringComparison.Ordinal);

        File.WriteAllText(File1, "b");
        LookAgain(files);
        Assert.Equal("b", files.Current);
    }

    // As Kubernetes replaces a mounted secret: the name stays a link to a link.
    [Fact]
    public void Current_WhenALinkIsTurned_IsTheNewOne()
    {
        string current = Path.Combine(_folder, "current");
        foreach (string version in (string[])["v1", "v2"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, version));
            File.WriteAllText(Path.Combine(_folder, version, "secret"), version);
        }

        Directory.CreateSymbolicLink(current, "v1");
        File.CreateSymbolicLink(File1, "current/secret");
        ReloadedFiles<string> files = Load();

        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, "v2");
        LookAgain(files);

        Assert.Equal("v2", files.Current);
    }

    [Fact]
    public void Start_WithAFileThatIsTooLong_IsRefused()
    {
        File.WriteAllBytes(File1, new byte[ReloadedFiles<string>.MaxFileBytes + 1]);

        Assert.Contains(File1, Assert.Throws<GranaryException>(Load).Message, StringComparison.Ordinal);
    }

    private ReloadedFiles<string> Start(string content)
    {
        File.WriteAllText(File1, content);
        return Load();
    }

    private ReloadedFiles<string> Load() => new(
        [File1],
        () => File.ReadAllText(File1) is var text && text != "bad" ? text : throw new GranaryException("it is bad"),
        _time,
        loaded => _told.Add($"new {loaded}"),
        _told.Add);

    private void LookAgain(ReloadedFiles<string> files)
    {
        _time.Advance(ReloadedFiles<string>.CheckInterval);
        _ = files.Current;
    }
}
