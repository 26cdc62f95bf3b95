using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <inheritdoc/>
internal sealed class QueueSender(QueueLink link, ValueCodec codec) : IQueueSender
{
    public string Queue => link.Queue;

    public async Task<SendReceipt> SendAsync(QueueMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (await SendAsync([message], cancellationToken).ConfigureAwait(false))[0];
    }

    public async Task<IReadOnlyList<SendReceipt>> SendBatchAsync(
        IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Count == 0 ? [] : await SendAsync([.. messages], cancellationToken).ConfigureAwait(false);
    }

    public async Task<MessagePosition> ScheduleAsync(
        QueueMessage message, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        SendReceipt receipt =
            await SendAsync(message with { ScheduledTime = time }, cancellationToken).ConfigureAwait(false);
        return receipt.Position;
    }

    public Task<bool> CancelScheduledAsync(MessagePosition position, CancellationToken cancellationToken = default) =>
        link.Calls.RunAsync(
            () => link.Grain.CancelScheduledAsync(position).AsTask(), mayRepeat: false, cancellationToken);

    private async Task<SendReceipt[]> SendAsync(QueueMessage[] messages, CancellationToken cancellationToken)
    {
        using MessageActivity activity = MessageActivity.Send(Queue, messages.Length);
        OutgoingMessage[] packed = Array.ConvertAll(messages, message => message.Pack(codec, activity.TraceParent));
        Check(packed);
        SendAttempts attempts = new(Queue, packed);
        long deadline = link.Calls.Begin();
        for (int attempt = 1; ; attempt++)
        {
            await TryAsync(attempts, deadline, cancellationToken).ConfigureAwait(false);
            if (attempts.IsDone)
            {
                return attempts.Receipts;
            }

            try
            {
                await link.Calls.PauseAsync(attempt, deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (GranaryUnavailableException exception)
            {
                throw attempts.OutOfTime(exception);
            }
        }
    }

    private async Task TryAsync(SendAttempts attempts, long deadline, CancellationToken cancellationToken)
    {
        try
        {
            Task<SendResult[]> call = link.SendAsync(attempts.Left, cancellationToken);
            attempts.Answer(await link.Calls.WaitAsync(call, deadline, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (link.Calls.Note(exception) is var failure and not CallFailure.Final)
        {
            attempts.Fail(failure == CallFailure.Unknown, exception);
        }
    }

    // What the silo refuses for its length alone need not travel; and a call must not be too long.
    private void Check(OutgoingMessage[] packed)
    {
        foreach (OutgoingMessage message in packed)
        {
            QueueLimits.CheckId(message.MessageId, nameof(QueueMessage.MessageId));
            QueueLimits.CheckId(message.Group, nameof(QueueMessage.Group));
        }

        long bytes = packed.Sum(message => (long)QueueLink.LengthOf(message));
        int most = packed.Length == 1 ? QueueLimits.MaxMessageBytes + 1024 : QueueLimits.MaxCallBytes;
        if (bytes > most || packed.Length > QueueLimits.MaxCallMessages)
        {
            throw new GranaryValueTooLargeException(
                $"{packed.Length} messages of {bytes} bytes for queue '{Queue}' do not fit into one send; at most "
                + $"{QueueLimits.MaxCallMessages} of together {most} bytes do.");
        }
    }
}
