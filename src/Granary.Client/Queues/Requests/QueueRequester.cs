using System.Globalization;
using Granary.Client.Values;

namespace Granary.Client.Queues.Requests;

/// <inheritdoc/>
internal sealed class QueueRequester(IQueueSender sender, ReplyReader replies, ValueCodec codec, TimeProvider time) : IQueueRequester
{
    public string Queue => sender.Queue;

    public async Task<TReply> RequestAsync<TRequest, TReply>(
        TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        string id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        long began = time.GetTimestamp();
        Task<ReadOnlyMemory<byte>> reply = replies.ExpectAsync(id);
        try
        {
            QueueMessage message = QueueMessage.Of(request) with
            {
                MessageId = id,
                CorrelationId = id,
                TimeToLive = timeout,
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [MessageHeaders.ReplyTo] = replies.Inbox.ToString("N", CultureInfo.InvariantCulture),
                },
            };
            await sender.SendAsync(message, cancellationToken).ConfigureAwait(false);
            TimeSpan left = timeout - time.GetElapsedTime(began);
            ReadOnlyMemory<byte> body = await reply
                .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken)
                .ConfigureAwait(false);
            return codec.Decode<TReply>(body.Span);
        }
        catch (TimeoutException exception)
        {
            throw new GranaryOutcomeUnknownException(
                $"No reply to a request to queue '{Queue}' came within {timeout}.", exception);
        }
        finally
        {
            replies.Forget(id);
        }
    }
}
