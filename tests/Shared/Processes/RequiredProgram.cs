using System.Diagnostics;
using System.Globalization;

namespace Granary.Tests.Shared.Processes;

/// <summary>
/// A program that a test needs and that may not be installed. Without it the test is skipped; it fails where
/// GRANARY_TESTS_REQUIRE_ALL is 1, as .ci/run sets it.
/// </summary>
internal static class RequiredProgram
{
    /// <returns>The program's path.</returns>
    public static string Locate(string name)
    {
        string? path = FindInPath(name);
        return path ?? throw Missing($"The program {name} is not installed.");
    }

    /// <summary>The first Python that can import a module: the first in PATH, else the distribution's.</summary>
    /// <returns>The interpreter's path.</returns>
    public static string LocatePythonWith(string module)
    {
        string?[] candidates = [FindInPath("python3"), "/usr/bin/python3"];
        return candidates.FirstOrDefault(path => path is not null && File.Exists(path) && Imports(path, module))
            ?? throw Missing($"The Python module {module} is not installed (Debian: python3-{module}).");
    }

    /// <summary>PostgreSQL's server programs, which Debian keeps out of PATH.</summary>
    /// <returns>The folder of the newest version.</returns>
    public static string LocatePostgreSql()
    {
        const string Root = "/usr/lib/postgresql"; // a folder for each major version
        string? folder = Directory.Exists(Root)
            ? Directory.EnumerateDirectories(Root)
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "postgres")))
                .MaxBy(MajorVersion)
            : Path.GetDirectoryName(FindInPath("initdb"));
        return folder ?? throw Missing("PostgreSQL is not installed (Debian: postgresql).");
    }

    /// <summary>libfaketime, for programs of several threads.</summary>
    /// <returns>The library's path.</returns>
    public static string LocateFakeTime() =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-*")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        ?? throw Missing("libfaketime is not installed (Debian: faketime).");

    // Of /usr/lib/postgresql/17/bin: 17.
    private static int MajorVersion(string bin) => int.TryParse(
        Path.GetFileName(Path.GetDirectoryName(bin)), NumberStyles.None, CultureInfo.InvariantCulture, out int major)
        ? major
        : 0;

    private static string? FindInPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static bool Imports(string python, string module)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, ["-c", $"import {module}"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    internal static InvalidOperationException Missing(string message)
    {
        if (Environment.GetEnvironmentVariable("GRANARY_TESTS_REQUIRE_ALL") == "1")
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
        return new InvalidOperationException(message);
    }
}
