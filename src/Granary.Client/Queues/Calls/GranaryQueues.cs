using System.Collections.Concurrent;
using Granary.Client.Queues.Requests;
using Granary.Client.Queues.Workers;
using Granary.Client.Values;
using Granary.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Client.Queues.Calls;

/// <inheritdoc/>
internal sealed class GranaryQueues(
    QueueCalls calls, IOptions<GranaryClientOptions> options, ILogger<QueueProcessor> logger) : IGranaryQueues
{
    private readonly ConcurrentDictionary<string, QueueLink> _links = new(StringComparer.Ordinal);
    private readonly ReplyReader _replies = new(calls);
    private readonly ValueCodec _codec = new(options.Value.Json);

    public IQueueAdministration Administration { get; } =
        new QueueAdministration(calls, new ValueCodec(options.Value.Json));

    public IQueueSender CreateSender(string queue)
    {
        QueueLimits.CheckName(queue);
        return new QueueSender(LinkTo(queue), _codec);
    }

    public IQueueReceiver CreateReceiver(string queue, QueueReceiverOptions? options = null) =>
        new QueueReceiver(LinkTo(queue), _codec, options ?? new QueueReceiverOptions());

    public QueueProcessor CreateProcessor(
        string queue, Func<MessageContext, CancellationToken, Task> handler, QueueProcessorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new QueueProcessorOptions();
        options.Validate();
        QueueReceiver receiver = new(
            LinkTo(queue), _codec, new QueueReceiverOptions { LeaseDuration = options.LeaseDuration });
        return new QueueProcessor(receiver, handler, options, logger);
    }

    public IQueueRequester CreateRequester(string queue) =>
        new QueueRequester(CreateSender(queue), _replies, _codec, calls.Time);

    public QueueProcessor CreateResponder<TRequest, TReply>(
        string queue, Func<TRequest, CancellationToken, Task<TReply>> respond, QueueProcessorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(respond);
        QueueLimits.CheckName(queue);
        Responder<TRequest, TReply> responder = new(calls, _codec, respond);
        return CreateProcessor(queue, TypedHandler.Of<TRequest>(responder.HandleAsync), options);
    }

    private QueueLink LinkTo(string queue)
    {
        SubscriptionName.Check(queue);
        return _links.GetOrAdd(queue, name => new QueueLink(name, calls));
    }
}
