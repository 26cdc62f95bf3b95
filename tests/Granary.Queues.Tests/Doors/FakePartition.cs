namespace Granary.Queues.Tests.Doors;

/// <summary>A partition that has as many messages as it is told to have.</summary>
internal sealed class FakePartition : IQueuePartitionGrain
{
    private readonly List<(SettlementKind Kind, long Offset)> _settled = [];
    private TaskCompletionSource<bool>? _waiting;
    private int _messages;
    private int _given;

    /// <summary>Calls that found nothing, and calls that found something.</summary>
    public (int Empty, int Full) Receives { get; private set; }

    /// <summary>What was said of its messages.</summary>
    public IReadOnlyList<(SettlementKind Kind, long Offset)> Settled => _settled;

    /// <summary>Called when somebody receives.</summary>
    public Action? Receiving { get; set; }

    /// <summary>Somebody waits for a message.</summary>
    public bool IsWatched => _waiting is not null;

    public Exception? Failure { get; set; }

    public void Add(int messages)
    {
        _messages += messages;
        Wake(true);
    }

    /// <summary>Says that there is a message, whether or not that is true when it is asked for.</summary>
    public void Wake(bool ready)
    {
        TaskCompletionSource<bool>? waiting = _waiting;
        _waiting = null;
        waiting?.SetResult(ready);
    }

    public void Break(Exception failure)
    {
        Failure = failure;
        TaskCompletionSource<bool>? waiting = _waiting;
        _waiting = null;
        waiting?.SetException(failure);
    }

    public ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease)
    {
        Receiving?.Invoke();
        if (Failure is not null)
        {
            throw Failure;
        }

        int count = Math.Min(max, _messages);
        _messages -= count;
        Receives = count == 0 ? (Receives.Empty + 1, Receives.Full) : (Receives.Empty, Receives.Full + 1);
        return new([.. Enumerable.Range(0, count).Select(_ => Content(_given++))]);
    }

    public ValueTask<bool> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        if (_messages > 0)
        {
            return new(true);
        }

        _waiting = new TaskCompletionSource<bool>();
        return new(_waiting.Task);
    }

    public ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches) => throw new NotSupportedException();

    public ValueTask<LeasedContent[]> ReceiveDeferredAsync(long[] offsets, TimeSpan? lease) => throw new NotSupportedException();

    public ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements)
    {
        _settled.AddRange(settlements.Select(one => (one.Kind, one.Receipt.Offset)));
        return new(Array.ConvertAll(settlements, static _ => SettleOutcome.Done));
    }

    public ValueTask<bool> CancelScheduledAsync(long offset) => throw new NotSupportedException();

    public ValueTask<PeekedContent[]> PeekAsync(MessageState state, long fromOffset, int max) => throw new NotSupportedException();

    public ValueTask<PeekedContent[]> PeekFailingAsync(int max) => throw new NotSupportedException();

    public ValueTask<int> RedriveAsync(DeadFilter filter, int max) => throw new NotSupportedException();

    public ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max) => throw new NotSupportedException();

    public ValueTask<QueueStatistics> GetStatisticsAsync() => throw new NotSupportedException();

    public ValueTask SetOptionsAsync(QueueOptions options) => throw new NotSupportedException();

    public ValueTask CloseAsync() => throw new NotSupportedException();

    private static LeasedContent Content(int offset) => new(
        new LeasedMessage(new Receipt(0, offset, 1, 1), 0, 0, TimeSpan.FromSeconds(30)),
        new StoredMessage(offset, 0, 0, long.MaxValue, null, null, default, default));

    public ValueTask SetDefinitionAsync(QueueDefinition definition) => throw new NotSupportedException();

    public ValueTask<TopicPlace> FindPlaceAsync(Guid subscription, long epoch, SubscriptionStart start) =>
        throw new NotSupportedException();

    public ValueTask<long> GetEndAsync() => throw new NotSupportedException();

    public ValueTask<TopicPart> ReadAsync(TopicNeed need, long from, TimeSpan wait, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask SeekAsync(SubscriptionStart start) => throw new NotSupportedException();
}
