using System.Net.ServerSentEvents;
using System.Text.Json;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Watching;

/// <summary>Reads what a silo's console page is sent, as a browser does.</summary>
internal sealed class ConsoleReader(HttpClient http) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Of a silo that asks for no token.</summary>
    public static ConsoleReader Of(SiloProcess silo) =>
        new(new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{silo.Ports.Http}/") });

    public HttpClient Http => http;

    /// <summary>The events of one kind, as they come.</summary>
    public async IAsyncEnumerable<JsonElement> WatchAsync(
        string kind, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using Stream stream = await http.GetStreamAsync("console/events", cancellationToken);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.EventType == kind)
            {
                yield return JsonDocument.Parse(item.Data).RootElement;
            }
        }
    }

    /// <summary>Waits for an event that is as awaited.</summary>
    public async Task<JsonElement> WaitForAsync(string kind, string awaited, Func<JsonElement, bool> condition)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        JsonElement last = default;
        try
        {
            await foreach (JsonElement item in WatchAsync(kind, timeout.Token))
            {
                last = item;
                if (condition(item))
                {
                    return item;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"The console did not show {awaited} within {Deadline}; the last that it showed is {last}");
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    public void Dispose() => http.Dispose();
}
