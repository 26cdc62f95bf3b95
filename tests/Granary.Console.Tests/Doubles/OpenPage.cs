using System.Net.ServerSentEvents;

namespace Granary.Console.Tests.Doubles;

/// <summary>A page that is open, and reads its events one by one.</summary>
/// <param name="events">What it is told.</param>
/// <param name="aborted">Cancelled when its connection breaks.</param>
internal sealed class OpenPage(IAsyncEnumerable<SseItem<string>> events, CancellationToken aborted = default) : IAsyncDisposable
{
    /// <summary>What a test waits that fails.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly IAsyncEnumerator<SseItem<string>> _events = events.GetAsyncEnumerator(aborted);

    /// <returns>The next event; <see langword="null"/> at the end.</returns>
    public async Task<SseItem<string>?> NextAsync() =>
        await _events.MoveNextAsync().AsTask().WaitAsync(Deadline) ? _events.Current : null;

    /// <returns>What the next event of a kind says.</returns>
    public async Task<string> NextAsync(string kind)
    {
        while (true)
        {
            SseItem<string> item = await NextAsync() ?? throw new InvalidOperationException($"It ended before an event '{kind}'.");
            if (item.EventType == kind)
            {
                return item.Data;
            }
        }
    }

    public ValueTask DisposeAsync() => _events.DisposeAsync();
}
