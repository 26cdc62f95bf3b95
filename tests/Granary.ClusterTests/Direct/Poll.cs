using System.Diagnostics;

namespace Granary.ClusterTests.Direct;

/// <summary>Waits for what a host reaches by itself, and says of nothing that it is done.</summary>
internal static class Poll
{
    /// <param name="what">What is awaited, for the message.</param>
    /// <param name="deadline">How long.</param>
    /// <param name="isDone">Asked every 20 ms.</param>
    /// <exception cref="TimeoutException">The deadline has passed.</exception>
    public static async Task UntilAsync(string what, TimeSpan deadline, Func<bool> isDone)
    {
        var clock = Stopwatch.StartNew();
        while (!isDone())
        {
            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"Not within {deadline}: {what}.");
            }

            await Task.Delay(20);
        }
    }
}
