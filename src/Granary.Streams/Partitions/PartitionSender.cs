using Granary.Queues;

namespace Granary.Streams.Partitions;

/// <summary>Sends to partitions, until each message is confirmed or the time is over. Thread-safe.</summary>
/// <param name="queue">Where to.</param>
/// <param name="timeout">How long a send is tried.</param>
/// <param name="time">For that.</param>
internal sealed class PartitionSender(ProviderQueue queue, TimeSpan timeout, TimeProvider time)
{
    // Of a call whose silo has died under way, nothing is heard for long.
    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends a message. It has a MessageId, so it can be sent again after a lost answer.</summary>
    /// <returns>Accepted, or a duplicate: with its position.</returns>
    /// <exception cref="GranaryException">It is not stored; or, as the exception says, it may be.</exception>
    public async Task<SendResult> SendAsync(int partition, OutgoingMessage message)
    {
        long began = time.GetTimestamp();
        bool mayBeStored = false;
        Exception? last = null;
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                SendResult result = await TryAsync(partition, message);
                if (result.Outcome is SendOutcome.Accepted or SendOutcome.Duplicate)
                {
                    return result;
                }

                ThrowIfRefused(result.Outcome, partition, message);
                mayBeStored |= result.Outcome == SendOutcome.Unknown;
            }
            catch (Exception exception) when (exception is not (ArgumentException or GranaryException)
                || exception is GranaryUnavailableException or GranaryOutcomeUnknownException or GranaryQueueNotFoundException)
            {
                last = exception;
                mayBeStored |= exception is not
                    (GranaryUnavailableException or GranaryQueueNotFoundException or OrleansMessageRejectionException);
            }

            if (time.GetElapsedTime(began) + pause > timeout)
            {
                throw mayBeStored
                    ? new GranaryOutcomeUnknownException(
                        $"The answer of queue '{queue.Name}' was lost: the message may be stored. {last?.Message}", last!)
                    : new GranaryUnavailableException(
                        $"Queue '{queue.Name}' could not be reached; the message is not stored. {last?.Message}", last!);
            }

            await Task.Delay(pause, time);
        }
    }

    private async Task<SendResult> TryAsync(int partition, OutgoingMessage message)
    {
        try
        {
            IQueuePartitionGrain grain = await queue.PartitionAsync(partition);
            SendResult[][] results = await grain.SendAsync([[message]]).AsTask().WaitAsync(AttemptTime, time);
            return results[0][0];
        }
        catch (GranaryQueueNotFoundException)
        {
            queue.Forget(); // it is made again
            throw;
        }
    }

    private void ThrowIfRefused(SendOutcome outcome, int partition, OutgoingMessage message)
    {
        switch (outcome)
        {
            case SendOutcome.Full:
                throw new GranaryQueueFullException($"A partition of queue '{queue.Name}' is as long as it may be.");
            case SendOutcome.StorageFull:
                throw new GranaryQueueFullException($"The disk of queue '{queue.Name}' is full.");
            case SendOutcome.TooLarge:
                throw new GranaryValueTooLargeException(
                    $"{message.Body.Length + message.Headers.Length} bytes are longer than queue '{queue.Name}' takes.");
            case SendOutcome.Damaged:
                throw new GranaryQueueDamagedException($"Partition {partition} of queue '{queue.Name}' is damaged.");
        }
    }
}
