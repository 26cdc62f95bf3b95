namespace Granary.Queues.Replies;

/// <summary>Replies in order, until they are acknowledged; within bounds. One thread.</summary>
internal sealed class ReplyInbox
{
    private const int MaxReplies = 16_384;
    private const long MaxBytes = 32 << 20;

    private readonly Guid _id = Guid.NewGuid();
    private readonly Queue<Reply> _replies = [];
    private TaskCompletionSource _arrival = NewArrival();
    private long _first; // number of the first that is there
    private long _bytes;

    /// <summary>Ends with the next reply.</summary>
    public Task Arrival => _arrival.Task;

    /// <exception cref="GranaryUnavailableException">There is no room.</exception>
    public void Put(Reply reply)
    {
        if (_replies.Count == MaxReplies || _bytes + reply.Body.Length > MaxBytes)
        {
            throw new GranaryUnavailableException($"{_replies.Count} replies wait to be taken, and no more may.");
        }

        _replies.Enqueue(reply);
        _bytes += reply.Body.Length;
        _arrival.SetResult();
        _arrival = NewArrival();
    }

    /// <summary>Forgets what has arrived, and tells what has not, as much as one call carries.</summary>
    public ReplyPart Take(ReplyMark acknowledged)
    {
        for (; acknowledged.Inbox == _id && _first < acknowledged.Count && _replies.TryDequeue(out Reply? arrived); _first++)
        {
            _bytes -= arrived.Body.Length;
        }

        long bytes = 0;
        Reply[] part =
        [
            .. _replies
                .Take(QueueLimits.MaxCallMessages)
                .TakeWhile((reply, index) => (bytes += reply.Body.Length) <= QueueLimits.MaxCallBytes || index == 0),
        ];
        return new ReplyPart(new ReplyMark(_id, _first + part.Length), part);
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
