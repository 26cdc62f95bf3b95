using System.Globalization;

namespace Granary.Benchmarks.Peers;

/// <summary>Reads what a silo tells of itself once a second, as often as anybody's Prometheus might.</summary>
internal sealed class Scraper : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http = new();
    private readonly Uri[] _pages;
    private readonly Task _running;

    /// <param name="port">Its HTTP port.</param>
    /// <param name="paths">What to read; may be nothing.</param>
    public Scraper(int port, string[] paths)
    {
        _pages = Array.ConvertAll(
            paths, path => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{path}")));
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
                foreach (Uri page in _pages)
                {
                    await _http.GetByteArrayAsync(page, _end.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }
}
