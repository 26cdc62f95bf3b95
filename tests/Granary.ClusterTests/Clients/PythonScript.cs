namespace Granary.ClusterTests.Clients;

/// <summary>Runs the scripts of the folder Python, which are beside the test assembly.</summary>
internal static class PythonScript
{
    /// <param name="script">The file's name: replay.py.</param>
    /// <param name="module">The client library that the script needs; the test skips without it.</param>
    /// <param name="arguments">The script's.</param>
    public static ChildProcess Start(string script, string module, params IEnumerable<string> arguments)
    {
        string python = RequiredProgram.LocatePythonWith(module);
        string path = Path.Combine(AppContext.BaseDirectory, "Python", script);
        return ChildProcess.Start(
            script,
            ChildProcess.CreateFolder(),
            python,
            [path, .. arguments],
            ("PYTHONDONTWRITEBYTECODE", "1"));
    }
}
