using System.Globalization;
using Granary.Tests.Shared;

namespace Granary.ClusterTests.Clients;

/// <summary>
/// A read-through replay of a trace by a Python client: each request gets every clone of its key and sets what missed;
/// some requests for different keys are one call.
/// Clones make a small trace fill a large cache and keep its hit ratio.
/// </summary>
internal sealed class TraceReplay : IAsyncDisposable
{
    /// <summary>With key and header below the 2,048 bytes that a segment of 64 KiB takes without chaining.</summary>
    public const int ValueBytes = 1900;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    // Some 40 us when nothing else runs.
    private static readonly TimeSpan DeadlinePerKey = TimeSpan.FromMicroseconds(200);

    private readonly ChildProcess _script;
    private readonly TimeSpan _deadline;

    private TraceReplay(ChildProcess script, TimeSpan deadline)
    {
        _script = script;
        _deadline = deadline;
    }

    public bool HasEnded => _script.HasExited;

    /// <param name="port">The memcached port on loopback.</param>
    /// <param name="trace">A name of <see cref="TraceReader"/>.</param>
    /// <param name="clones">Keys per object of the trace.</param>
    /// <param name="tolerateErrors">Whether a failed call is counted; otherwise it ends the replay.</param>
    /// <param name="maxRequests">Requests of the trace, from its beginning; all of a short one if not given.</param>
    public static TraceReplay Start(
        int port, string trace, int clones, bool tolerateErrors = false, int? maxRequests = null)
    {
        string[] options = tolerateErrors ? ["--tolerate-errors"] : [];
        string[] bounds = maxRequests is null ? [] : [$"{maxRequests}"];
        ChildProcess script = PythonScript.Start(
            "replay.py",
            "pymemcache",
            [.. options, "127.0.0.1", $"{port}", TraceReader.Locate(trace), $"{ValueBytes}", $"{clones}", .. bounds]);
        return new TraceReplay(script, Deadline + DeadlinePerKey * (clones * (double)(maxRequests ?? 0)));
    }

    /// <summary>What an exact LRU of a budget hits on the same requests.</summary>
    public static ExactLru Simulate(int[] keys, int clones, long capacityBytes)
    {
        var lru = new ExactLru(capacityBytes);
        foreach (int key in keys)
        {
            for (int clone = 0; clone < clones; clone++)
            {
                int keyLengthBytes = $"{key}#{clone}".Length;
                lru.Request((long)key * clones + clone, keyLengthBytes + ValueBytes);
            }
        }

        return lru;
    }

    /// <summary>Completes when the first thousands of requests are done.</summary>
    /// <exception cref="TimeoutException">The replay ended before, or made none; the message has its output.</exception>
    public Task WaitForProgressAsync() =>
        _script.WaitUntilAsync("progress", Deadline, () => _script.Output.Lines().Any(IsProgress));

    /// <summary>Waits for the end.</summary>
    public async Task<TraceReplayResult> CompleteAsync()
    {
        int exitCode = await _script.WaitForExitAsync(_deadline);
        Assert.True(exitCode == 0, $"The replay ended with code {exitCode}:\n{_script.Output}");

        long[] counts =
        [
            .. _script.Output.Lines()[^1].Split(' ').Select(count => long.Parse(count, CultureInfo.InvariantCulture)),
        ];
        return new TraceReplayResult(counts[0], counts[1], counts[2], counts[3], counts.ElementAtOrDefault(4));
    }

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    private static bool IsProgress(string line) => line.StartsWith("progress ", StringComparison.Ordinal);
}
