using Granary.Broadcasts;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace Granary.FusionCache;

/// <summary>Tells the other processes of a FusionCache what this one has changed. Of one cache. Thread-safe.</summary>
/// <remarks>What it throws FusionCache logs, and sends the message again later if its auto-recovery is on.</remarks>
/// <param name="broadcasts">A channel's broadcast.</param>
/// <param name="gateways">To be learnt again when calls fail; none in a silo.</param>
/// <param name="time">For pauses and deadlines.</param>
/// <param name="logger">Where it is told that the cluster is not heard.</param>
internal sealed class GranaryBackplane(
    Func<string, IBroadcastGrain> broadcasts, IGatewaySource? gateways, TimeProvider time, ILogger<GranaryBackplane> logger)
    : IFusionCacheBackplane
{
    // A call whose gateway has died under way is not answered, and nothing says so.
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(5);

    private BroadcastListener? _listener;
    private string? _channel;

    public void Subscribe(BackplaneSubscriptionOptions options) => BeginAsync(options).GetAwaiter().GetResult();

    public ValueTask SubscribeAsync(BackplaneSubscriptionOptions options) => new(BeginAsync(options));

    public void Unsubscribe() => Interlocked.Exchange(ref _listener, null)?.Dispose();

    public ValueTask UnsubscribeAsync()
    {
        Unsubscribe();
        return default;
    }

    public void Publish(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        SendAsync(message, token).GetAwaiter().GetResult();

    public ValueTask PublishAsync(
        BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        new(SendAsync(message, token));

    // Until it listens; if the cluster does not answer it goes on trying, and nobody waits for that.
    private Task BeginAsync(BackplaneSubscriptionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _channel = options.ChannelName
            ?? throw new ArgumentException("BackplaneSubscriptionOptions.ChannelName is null.", nameof(options));
        var listener = new BroadcastListener(() => broadcasts(options.ChannelName), options, gateways, time, logger);
        Interlocked.Exchange(ref _listener, listener)?.Dispose();
        listener.Start();
        return listener.Asked;
    }

    private async Task SendAsync(BackplaneMessage message, CancellationToken token)
    {
        string channel = _channel ?? throw new InvalidOperationException("The backplane has no channel: subscribe first.");
        await broadcasts(channel)
            .SendAsync(BackplaneMessage.ToByteArray(message))
            .AsTask()
            .WaitAsync(CallTime, time, token)
            .ConfigureAwait(false);
    }
}
