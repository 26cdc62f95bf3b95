using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <summary>Messages that are sent until each has an answer. One thread.</summary>
internal sealed class SendAttempts(string queue, OutgoingMessage[] messages)
{
    private readonly SendReceipt[] _receipts = new SendReceipt[messages.Length];
    private int[] _left = [.. Enumerable.Range(0, messages.Length)];
    private bool _mayBeStored;

    /// <summary>What is to be sent now.</summary>
    public OutgoingMessage[] Left => Array.ConvertAll(_left, index => messages[index]);

    public bool IsDone => _left.Length == 0;

    /// <summary>One for each message, once all are done.</summary>
    public SendReceipt[] Receipts => _receipts;

    private string Stored => messages.Length == 1
        ? "It is not stored"
        : $"{messages.Length - _left.Length} of {messages.Length} messages are stored";

    /// <summary>What became of those that were sent.</summary>
    /// <exception cref="GranaryException">One that trying again does not help.</exception>
    public void Answer(SendResult[] results)
    {
        List<int> again = [];
        GranaryException? failure = null;
        for (int index = 0; index < results.Length; index++)
        {
            int message = _left[index];
            SendResult result = results[index];
            if (result.Outcome is SendOutcome.Accepted or SendOutcome.Duplicate)
            {
                _receipts[message] = new SendReceipt(result.Position, result.Outcome == SendOutcome.Duplicate);
                continue;
            }

            again.Add(message);
            failure ??= FailureOf(result.Outcome, messages[message]);
        }

        _left = [.. again];
        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>The call failed.</summary>
    /// <exception cref="GranaryOutcomeUnknownException">It cannot be tried again.</exception>
    public void Fail(bool mayBeStored, Exception exception)
    {
        _mayBeStored |= mayBeStored;
        if (mayBeStored && _left.Any(index => messages[index].MessageId is null))
        {
            throw Unknown(exception);
        }
    }

    public GranaryException OutOfTime(Exception exception) =>
        _mayBeStored
            ? Unknown(exception)
            : new GranaryUnavailableException($"Queue '{queue}' could not be reached. {Stored}. {exception.Message}", exception);

    // Null: to be tried again.
    private GranaryException? FailureOf(SendOutcome outcome, OutgoingMessage message)
    {
        switch (outcome)
        {
            case SendOutcome.Full:
                return new GranaryQueueFullException($"A partition of queue '{queue}' is as long as it may be. {Stored}.");
            case SendOutcome.StorageFull:
                return new GranaryQueueFullException($"The disk of queue '{queue}' is full. {Stored}.");
            case SendOutcome.TooLarge:
                return new GranaryValueTooLargeException(
                    $"A message of {message.Body.Length + message.Headers.Length} bytes is longer than queue '{queue}' takes. {Stored}.");
            case SendOutcome.Damaged when message.MessageId is not null || message.Group is not null:
                return new GranaryQueueDamagedException(
                    $"The partition of queue '{queue}' to which the message belongs is damaged. {Stored}.");
            case SendOutcome.Unknown:
                _mayBeStored = true;
                return message.MessageId is null ? Unknown(null) : null;
            default:
                return null;
        }
    }

    private GranaryOutcomeUnknownException Unknown(Exception? exception) =>
        new(
            $"The answer of queue '{queue}' was lost: what was sent may be stored. Messages with a MessageId may be sent "
            + $"again. {exception?.Message}",
            exception!);
}
