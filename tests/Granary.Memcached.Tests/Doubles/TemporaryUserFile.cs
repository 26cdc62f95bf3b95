namespace Granary.Memcached.Tests.Doubles;

/// <summary>A user file in a folder of its own, which is deleted at the end.</summary>
internal sealed class TemporaryUserFile : IDisposable
{
    public TemporaryUserFile(string text)
    {
        Folder = Directory.CreateTempSubdirectory("granary-users-").FullName;
        Path = System.IO.Path.Combine(Folder, "users");
        Write(text);
    }

    public string Folder { get; }

    public string Path { get; }

    public void Write(string text) => File.WriteAllText(Path, text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
