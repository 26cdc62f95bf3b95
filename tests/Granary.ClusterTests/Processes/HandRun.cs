using System.Globalization;

namespace Granary.ClusterTests.Processes;

/// <summary>What a run by hand asks for beyond an ordinary one; ARCHITECTURE.md has the commands.</summary>
internal static class HandRun
{
    private const string ReplayRequests = "GRANARY_REPLAY_REQUESTS";
    private const string Slow = "GRANARY_SLOW";

    /// <summary>Requests that a replay makes of its trace, at most: those asked for, else the usual ones.</summary>
    public static int MaxReplayRequests(int usual)
    {
        string? asked = Environment.GetEnvironmentVariable(ReplayRequests);
        if (string.IsNullOrEmpty(asked))
        {
            return usual;
        }

        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int requests) && requests > 0
            ? requests
            : throw new InvalidOperationException($"{ReplayRequests} is {asked}; it must be at least 1.");
    }

    /// <summary>Skips the running test, whose seconds are real ones, unless slow tests are asked for.</summary>
    public static void SkipUnlessSlow() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(Slow) == "1", $"It takes a minute; {Slow}=1 runs it.");
}
