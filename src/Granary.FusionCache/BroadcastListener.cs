using Granary.Broadcasts;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace Granary.FusionCache;

// One call after another hears what was said since the last one; a call of silence ends after a second. So what is said while
// a call is under way is heard by the next, and a cluster that is away is noticed. Messages that may have been missed, because
// the silo that had them has gone or this process was too slow, are not made up for: the cache is told that it is connected
// again, and what it keeps lives for its duration.

/// <summary>Hears a broadcast for one cache, until it is disposed of. Thread-safe.</summary>
/// <param name="broadcast">Found for each call: in an application that starts there is no connection yet.</param>
/// <param name="subscriber">The cache.</param>
/// <param name="gateways">To be learnt again when a call fails.</param>
/// <param name="time">For pauses and deadlines.</param>
/// <param name="logger">Where it is told that the cluster is not heard.</param>
internal sealed class BroadcastListener(
    Func<IBroadcastGrain> broadcast,
    BackplaneSubscriptionOptions subscriber,
    IGatewaySource? gateways,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    // Messages that are worked on at a time: each may be a read of the second level.
    private const int MaxConcurrency = 16;

    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(5); // a second of it is silence
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the cluster has been asked once, whatever came of it: if it answered, nothing said later is missed.</summary>
    public Task Asked => _asked.Task;

    public void Start() => _ = ListenAsync(_ending.Token);

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task ListenAsync(CancellationToken ending)
    {
        BroadcastMark heard = default;
        TimeSpan pause = FirstPause;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                BroadcastPart part = await broadcast()
                    .ListenAsync(heard)
                    .AsTask()
                    .WaitAsync(CallTime, time, ending)
                    .ConfigureAwait(false);
                bool isConnected = heard != default && pause == FirstPause && !part.HasGap;
                if (!isConnected)
                {
                    await ConnectAsync(isReconnection: heard != default).ConfigureAwait(false);
                }

                heard = part.End; // whatever comes of its messages: they are not told again
                pause = FirstPause;
                _asked.TrySetResult();
                await TellAsync(part.Messages, ending).ConfigureAwait(false);
            }
            catch (Exception failure) // the edge: one call
            {
                _asked.TrySetResult();
                if (!ending.IsCancellationRequested)
                {
                    if (pause == FirstPause)
                    {
                        Log.NotHeard(logger, subscriber.ChannelName, failure.Message); // once, until it is heard again
                    }

                    gateways?.Refresh();
                    await Task.Delay(pause, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }
    }

    private ValueTask ConnectAsync(bool isReconnection) =>
        subscriber.ConnectHandlerAsync?.Invoke(new BackplaneConnectionInfo(isReconnection)) ?? default;

    // In any order: a message says when its change was made, and the cache compares.
    private Task TellAsync(byte[][] messages, CancellationToken ending) => Parallel.ForEachAsync(
        messages,
        new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = ending },
        async (message, _) =>
        {
            try
            {
                if (subscriber.IncomingMessageHandlerAsync is { } handler)
                {
                    await handler(BackplaneMessage.FromByteArray(message)).ConfigureAwait(false);
                }
            }
            catch (Exception failure) // the edge: one message
            {
                Log.NotTaken(logger, subscriber.ChannelName, failure);
            }
        });
}
