using System.Runtime.CompilerServices;
using Granary.Client.Queues.Workers;
using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <inheritdoc/>
internal sealed class QueueReceiver : IQueueReceiver
{
    // The wait of one call. A receiver that dies holds its turn no longer, and a call that was lost with its gateway is
    // noticed soon after.
    private static readonly TimeSpan CallWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LostTime = TimeSpan.FromSeconds(5);

    // Of what is fetched ahead. An enumeration that goes on later than this has been forgotten.
    private static readonly TimeSpan RenewalTime = TimeSpan.FromMinutes(5);

    private readonly QueueLink _link;
    private readonly ValueCodec _codec;
    private readonly QueueReceiverOptions _options;
    private volatile Task _releasing = Task.CompletedTask;

    public QueueReceiver(QueueLink link, ValueCodec codec, QueueReceiverOptions options)
    {
        options.Validate();
        _link = link;
        _codec = codec;
        _options = options;
    }

    public string Queue => _link.Queue;

    public TimeProvider Time => _link.Calls.Time;

    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxMessages, QueueLimits.MaxCallMessages);
        long begin = Time.GetTimestamp();
        DateTimeOffset since = Time.GetUtcNow();
        long deadline = _link.Calls.Begin(maxWait);
        for (int attempt = 1; ;)
        {
            TimeSpan left = maxWait - Time.GetElapsedTime(begin);
            TimeSpan wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < CallWait ? left : CallWait;
            try
            {
                ReceivedMessage[] received = await CallAsync(maxMessages, wait, cancellationToken).ConfigureAwait(false);
                if (received.Length > 0 || left <= CallWait)
                {
                    MessageActivity.Received(Queue, received, since);
                    return received;
                }
            }
            catch (Exception exception) when (_link.Calls.Note(exception, cancellationToken) != CallFailure.Final)
            {
                await _link.Calls.PauseAsync(attempt++, deadline, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async IAsyncEnumerable<ReceivedMessage> ReceiveAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            IReadOnlyList<ReceivedMessage> fetched = await ReceiveInTimeAsync(cancellationToken).ConfigureAwait(false);
            Queue<HeldMessage> ahead =
                new(fetched.Select(message => new HeldMessage(this, message, RenewalTime, CancellationToken.None)));
            try
            {
                while (ahead.TryDequeue(out HeldMessage? next))
                {
                    await next.DisposeAsync().ConfigureAwait(false); // from now on it is the caller's to renew
                    if (next.Message.LockedUntil > Time.GetUtcNow() && !next.IsLost) // else somebody else may have it
                    {
                        yield return next.Message;
                    }
                }
            }
            finally
            {
                await Task.WhenAll(ahead.Select(held => held.DisposeAsync().AsTask())).ConfigureAwait(false);
                await ReleaseAsync(ahead.Select(held => held.Message)).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveDeferredAsync(
        IReadOnlyList<MessagePosition> positions, CancellationToken cancellationToken = default)
    {
        MessagePosition[] asked = [.. positions];
        return Received(await _link.Calls
            .RunAsync(
                () => _link.Grain.ReceiveDeferredAsync(asked, _options.LeaseDuration).AsTask(),
                mayRepeat: true,
                cancellationToken)
            .ConfigureAwait(false));
    }

    public Task CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(SettlementKind.Complete, message, cancellationToken);

    public Task AbandonAsync(
        ReceivedMessage message, string? reason = null, TimeSpan? delay = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay ?? TimeSpan.Zero, TimeSpan.Zero, nameof(delay));
        return _link.SettleAsync(
            new Settlement(SettlementKind.Abandon, message.Receipt) { Reason = QueueLink.Cut(reason), Duration = delay },
            cancellationToken);
    }

    public Task ReleaseAsync(ReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(SettlementKind.Release, message, cancellationToken);

    public Task DeferAsync(ReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(SettlementKind.Defer, message, cancellationToken);

    public Task DeadLetterAsync(
        ReceivedMessage message, string reason, string? details = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return _link.SettleAsync(
            new Settlement(SettlementKind.DeadLetter, message.Receipt)
            {
                Reason = QueueLink.Cut(reason),
                Details = QueueLink.Cut(details),
            },
            cancellationToken);
    }

    public async Task RenewAsync(ReceivedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        DateTimeOffset asked = Time.GetUtcNow();
        await _link.SettleAsync(
            new Settlement(SettlementKind.Renew, message.Receipt) { Duration = message.LeaseDuration },
            cancellationToken).ConfigureAwait(false);
        message.LockedUntil = asked + message.LeaseDuration;
    }

    /// <summary>Gives back what nobody wants any more; what cannot be given back ends by itself.</summary>
    public async Task ReleaseAsync(IEnumerable<ReceivedMessage> messages)
    {
        try
        {
            await Task.WhenAll(messages.Select(message => ReleaseAsync(message, CancellationToken.None)))
                .ConfigureAwait(false);
        }
        catch (GranaryException)
        {
            // Its lease ends.
        }
    }

    /// <summary>Receives, however long the silos are away.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveInTimeAsync(
        CancellationToken cancellationToken, int? maxMessages = null)
    {
        while (true)
        {
            try
            {
                IReadOnlyList<ReceivedMessage> received = await ReceiveAsync(
                    maxMessages ?? _options.PrefetchCount, QueueLimits.MaxWait, cancellationToken).ConfigureAwait(false);
                if (received.Count > 0)
                {
                    return received;
                }
            }
            catch (GranaryUnavailableException)
            {
                // It has been tried for the whole of an operation's time; the next attempts begin anew.
            }
        }
    }

    /// <summary>Waits until what cancelled calls still bring has been given back.</summary>
    public Task WhenReleasedAsync() => _releasing;

    private async Task<ReceivedMessage[]> CallAsync(int max, TimeSpan wait, CancellationToken cancellationToken)
    {
        Task<LeasedContent[]> call =
            _link.Grain.ReceiveAsync(max, wait, _options.LeaseDuration, cancellationToken).AsTask();
        try
        {
            return Received(await call.WaitAsync(wait + LostTime, Time, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            _releasing = ReleaseLateAsync(call, _releasing);
            throw;
        }
    }

    private async Task ReleaseLateAsync(Task<LeasedContent[]> call, Task before)
    {
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.IsCompletedSuccessfully)
        {
            await ReleaseAsync(Received(await call.ConfigureAwait(false))).ConfigureAwait(false);
        }

        await before.ConfigureAwait(false);
    }

    private ReceivedMessage[] Received(LeasedContent[] leased)
    {
        DateTimeOffset now = Time.GetUtcNow();
        return Array.ConvertAll(leased, one => new ReceivedMessage(one, _codec, now));
    }

    private Task SettleAsync(SettlementKind kind, ReceivedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _link.SettleAsync(new Settlement(kind, message.Receipt), cancellationToken);
    }
}
