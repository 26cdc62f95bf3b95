using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <summary>One queue, for all its senders and receivers in this process: sends and settlements are merged. Thread-safe.</summary>
internal sealed class QueueLink
{
    // While one call's messages are being written others travel and are unpacked.
    private const int CallsUnderWay = 4;

    // What a message is besides its body and headers, about. Bytes.
    private const int MessageOverhead = 64;

    private readonly CallMerger<OutgoingMessage[], SendResult[]> _sends;
    private readonly CallMerger<Settlement, SettleOutcome> _settlements;

    public QueueLink(string queue, QueueCalls calls)
    {
        Queue = queue;
        Calls = calls;
        Grain = calls.Access.Queue(queue);
        _sends = new(
            batches => Grain.SendAsync(batches).AsTask(),
            batch => (batch.Sum(LengthOf), batch.Length),
            QueueLimits.MaxCallBytes,
            QueueLimits.MaxCallMessages,
            CallsUnderWay);
        _settlements = new(
            settlements => Grain.SettleAsync(settlements).AsTask(),
            _ => (MessageOverhead, 1),
            QueueLimits.MaxCallBytes,
            QueueLimits.MaxCallMessages,
            CallsUnderWay);
    }

    public string Queue { get; }

    public QueueCalls Calls { get; }

    public IQueueGrain Grain { get; }

    /// <summary>What a message weighs on its way. Bytes.</summary>
    public static int LengthOf(OutgoingMessage message) => message.Body.Length + message.Headers.Length + MessageOverhead;

    /// <summary>One attempt.</summary>
    public Task<SendResult[]> SendAsync(OutgoingMessage[] batch, CancellationToken cancellationToken) =>
        _sends.AskAsync(batch, cancellationToken);

    /// <summary>Settles a message, until there is an answer or the time is over.</summary>
    /// <exception cref="GranaryLockLostException">The receipt does not hold it any more.</exception>
    public async Task SettleAsync(Settlement settlement, CancellationToken cancellationToken)
    {
        long deadline = Calls.Begin();
        bool mayBeDone = false;
        for (int attempt = 1; ; attempt++)
        {
            switch (await TrySettleAsync(settlement, deadline, cancellationToken).ConfigureAwait(false))
            {
                case SettleOutcome.Done:
                    return;
                case SettleOutcome.LockLost when mayBeDone:
                    throw Calls.OutcomeUnknown(null);
                case SettleOutcome.LockLost:
                    throw new GranaryLockLostException(
                        $"Message {settlement.Receipt.Position} of queue '{Queue}' does not belong to this receiver any more.");
                case SettleOutcome.Unknown:
                    mayBeDone = true;
                    break;
            }

            try
            {
                await Calls.PauseAsync(attempt, deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (GranaryUnavailableException exception) when (mayBeDone)
            {
                throw Calls.OutcomeUnknown(exception);
            }
        }
    }

    private async Task<SettleOutcome> TrySettleAsync(
        Settlement settlement, long deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await Calls
                .WaitAsync(_settlements.AskAsync(settlement, cancellationToken), deadline, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (Calls.Note(exception) is var failure and not CallFailure.Final)
        {
            return failure == CallFailure.NotDone ? SettleOutcome.Unavailable : SettleOutcome.Unknown;
        }
    }
}
