using System.Collections.Concurrent;
using Granary.Queues;
using Granary.Streams.Inbox;
using Granary.Streams.Partitions;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>A stream provider over one queue: sends for producers, and makes what agents receive by. Thread-safe.</summary>
internal sealed class StreamAdapter(
    string name,
    GranaryStreamOptions options,
    IGrainFactory grains,
    StreamBody packing,
    TimeProvider time,
    ILogger<StreamAdapter> logger) : IQueueAdapter, IQueueAdapterCache, IQueueAdapterFactory
{
    private readonly ConcurrentDictionary<QueueId, PartitionInbox> _inboxes = [];
    private readonly StreamFailureHandler _failures = new();
    private readonly PartitionMapper _mapper = new(ProviderQueue.NameOf(name), options.Partitions);
    private readonly ProviderQueue _queue = new(ProviderQueue.NameOf(name), options.Partitions, options.Queue, grains);
    private PartitionSender? _sender;

    public string Name => name;

    // Tokens are counters of the agent that delivers; a durable position would be older than what comes again.
    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    private PartitionSender Sender => _sender ??= new PartitionSender(_queue, options.OperationTimeout, time);

    /// <summary>Ends when the message is as durable as the queue says.</summary>
    /// <exception cref="ArgumentException">A token is given: the queue gives its own order.</exception>
    /// <exception cref="GranaryException">It is not stored; or, as the exception says, it may be.</exception>
    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null)
        {
            throw new ArgumentException("The queue gives its own order: an event cannot be sent with a token.", nameof(token));
        }

        OutgoingMessage message = new()
        {
            Body = packing.Pack([.. events.Cast<object?>()], requestContext),
            Headers = StreamHeaders.Pack(streamId),
            MessageId = $"{Guid.NewGuid():N}", // so that it can be sent again after a lost answer
        };
        await Sender.SendAsync(PartitionMapper.PartitionOf(streamId, options.Partitions), message);
    }

    // An agent asks for the cache, and then for the receiver.
    public IQueueCache CreateQueueCache(QueueId queueId)
    {
        PartitionInbox inbox = new(
            new InboxLimits { Retention = options.Retention },
            new RetryDelays(options.Queue, new Random(PartitionMapper.PartitionOf(queueId))),
            time,
            StreamHeaders.StreamOf);
        _inboxes[queueId] = inbox;
        return new InboxCache(inbox, packing);
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) =>
        new StreamReceiver(
            _inboxes[queueId],
            new PartitionReceiver(_inboxes[queueId], _queue, PartitionMapper.PartitionOf(queueId), time, logger),
            packing,
            time,
            inbox => _inboxes.TryRemove(new(queueId, inbox))); // the agent has gone; the next one may have begun

    Task<IQueueAdapter> IQueueAdapterFactory.CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    IQueueAdapterCache IQueueAdapterFactory.GetQueueAdapterCache() => this;

    IStreamQueueMapper IQueueAdapterFactory.GetStreamQueueMapper() => _mapper;

    Task<IStreamFailureHandler> IQueueAdapterFactory.GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(_failures);
}
