using System.Globalization;

namespace Granary.ClusterTests.Processes;

/// <summary>What a run by hand asks for beyond an ordinary one; ARCHITECTURE.md has the commands.</summary>
internal static class HandRun
{
    private const string ReplayRequests = "GRANARY_REPLAY_REQUESTS";
    private const string Slow = "GRANARY_SLOW";
    private const string Runs = "GRANARY_LONG";
    private const string PublishedSilo = "GRANARY_SILO";
    private const string PreviousSilo = "GRANARY_PREVIOUS_SILO";

    /// <summary>
    /// Requests that a replay makes of its trace, at most: those asked for, else the usual ones. Skips the running test if
    /// there is no usual number.
    /// </summary>
    public static int MaxReplayRequests(int usual)
    {
        string? asked = Environment.GetEnvironmentVariable(ReplayRequests);
        if (string.IsNullOrEmpty(asked))
        {
            Assert.SkipWhen(usual == 0, $"It takes a minute; {ReplayRequests}=N runs it.");
            return usual;
        }

        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int requests) && requests > 0
            ? requests
            : throw new InvalidOperationException($"{ReplayRequests} is {asked}; it must be at least 1.");
    }

    /// <summary>
    /// The folder that long runs write their reports to, if they are asked for; <see langword="null"/> for the short ones.
    /// </summary>
    public static string? LongRunsFolder => Environment.GetEnvironmentVariable(Runs) is { Length: > 0 } folder ? folder : null;

    /// <summary>Skips the running test, which takes long, unless long runs are asked for.</summary>
    public static void SkipUnlessLong() =>
        Assert.SkipUnless(LongRunsFolder is not null, $"It takes long; {Runs}=FOLDER runs it and writes its report there.");

    /// <summary>
    /// The folder of a published silo that runs instead of the one beside the tests: as in the image, compiled ahead of time.
    /// </summary>
    public static string? SiloFolder => Environment.GetEnvironmentVariable(PublishedSilo) is { Length: > 0 } folder ? folder : null;

    /// <summary>The folder that has the previous build's Silo.dll; skips the running test if none is named.</summary>
    public static string PreviousSiloFolder()
    {
        string? folder = Environment.GetEnvironmentVariable(PreviousSilo);
        Assert.SkipWhen(
            string.IsNullOrEmpty(folder), $"It needs the previous build; {PreviousSilo}=FOLDER names the one with its Silo.dll.");
        return File.Exists(Path.Combine(folder!, "Silo.dll"))
            ? folder!
            : throw new InvalidOperationException($"{PreviousSilo} is {folder}; Silo.dll must be in it.");
    }

    /// <summary>Skips the running test, whose seconds are real ones, unless slow tests are asked for.</summary>
    public static void SkipUnlessSlow() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(Slow) == "1", $"It takes a minute; {Slow}=1 runs it.");
}
