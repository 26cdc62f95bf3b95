namespace Granary.Benchmarks.Peers;

/// <summary>Finds programs as the shell does.</summary>
internal static class Executable
{
    /// <summary>
    /// The path of a program on PATH or in <paramref name="otherDirectories"/>; <see langword="null"/> if absent.
    /// </summary>
    public static string? Find(string name, params string?[] otherDirectories)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return otherDirectories.Concat(path)
            .Where(directory => !string.IsNullOrEmpty(directory))
            .Select(directory => Path.Combine(directory!, name))
            .FirstOrDefault(File.Exists);
    }
}
