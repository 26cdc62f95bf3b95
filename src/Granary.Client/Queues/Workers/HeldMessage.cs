using Granary.Client.Queues.Calls;

namespace Granary.Client.Queues.Workers;

/// <summary>A message whose lease is renewed until it is disposed, so that a handler may take longer. Thread-safe.</summary>
internal sealed class HeldMessage : IAsyncDisposable
{
    private readonly QueueReceiver _receiver;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _done = new();
    private readonly Task _renewing;

    /// <param name="receiver">Whose it is.</param>
    /// <param name="message">Just received.</param>
    /// <param name="renewalTime">How long it is renewed.</param>
    /// <param name="aborting">Cancels <see cref="Token"/> too.</param>
    public HeldMessage(QueueReceiver receiver, ReceivedMessage message, TimeSpan renewalTime, CancellationToken aborting)
    {
        _receiver = receiver;
        Message = message;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(aborting);
        _renewing = RenewAsync(receiver.Time.GetUtcNow() + renewalTime);
    }

    public ReceivedMessage Message { get; }

    /// <summary>For the handler: the message belongs to somebody else, or time is over.</summary>
    public CancellationToken Token => _lost.Token;

    /// <summary>Whether it belongs to somebody else.</summary>
    public bool IsLost { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _done.Dispose();
        _lost.Dispose();
    }

    // At two thirds of the lease, so that one attempt may fail.
    private async Task RenewAsync(DateTimeOffset end)
    {
        TimeSpan pause = Message.LeaseDuration / 3 * 2;
        while (_receiver.Time.GetUtcNow() + pause < end)
        {
            await Task.Delay(pause, _receiver.Time, _done.Token).ConfigureAwait(false);
            try
            {
                await _receiver.RenewAsync(Message, _done.Token).ConfigureAwait(false);
                pause = Message.LeaseDuration / 3 * 2;
            }
            catch (GranaryLockLostException)
            {
                IsLost = true;
                await _lost.CancelAsync().ConfigureAwait(false);
                return;
            }
            catch (GranaryException)
            {
                pause = Message.LeaseDuration / 10;
            }
        }
    }
}
