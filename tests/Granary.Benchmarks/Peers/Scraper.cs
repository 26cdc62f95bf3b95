using System.Globalization;

namespace Granary.Benchmarks.Peers;

/// <summary>Reads a silo's metrics once a second, as often as anybody's Prometheus might.</summary>
internal sealed class Scraper : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http = new();
    private readonly Uri _metrics;
    private readonly Task _running;

    public Scraper(int port)
    {
        _metrics = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/metrics"));
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _http.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await _http.GetByteArrayAsync(_metrics, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }
}
