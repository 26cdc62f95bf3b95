namespace Granary.Benchmarks.Scenarios.Queues.Brokers;

/// <summary>A temporary folder for a server's data, which outlives restarts of the server.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-bench-");

    public string Path => _directory.FullName;

    public string Sub(string name) => _directory.CreateSubdirectory(name).FullName;

    public void Dispose() => _directory.Delete(recursive: true);
}
