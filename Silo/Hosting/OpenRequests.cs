namespace Granary.Silo.Hosting;

/// <summary>
/// Ends the requests that do not end by themselves, such as the dashboard's trace: the web server is stopped before the
/// silo and waits for each of them, and the silo would have no time left to leave the membership. They go on while the
/// shards are handed over.
/// </summary>
internal sealed class OpenRequests(TimeProvider time) : IHostedLifecycleService, IDisposable
{
    // For those that are about to end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>The middleware.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        await using CancellationTokenRegistration registration = _end.Token.Register(context.Abort);
        await next(context);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>In the reverse order of registration: this service's turn comes after the hand-off.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _end.CancelAfter(Grace);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
