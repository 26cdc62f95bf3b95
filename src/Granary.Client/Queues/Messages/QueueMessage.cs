using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client;

/// <summary>A message to be sent.</summary>
public sealed record QueueMessage
{
    private Func<ValueCodec, ReadOnlyMemory<byte>>? _encode;

    /// <summary>A message whose body is these bytes. They must not change before the send has ended.</summary>
    public QueueMessage(ReadOnlyMemory<byte> body) => Body = body;

    private QueueMessage()
    {
    }

    /// <summary>What is carried. Empty for a message made by <see cref="Of"/>, which is encoded when it is sent.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>
    /// A second message with this id is not stored while the queue remembers the first (by default for 5 minutes): so a
    /// send may be repeated, and the client does so by itself when an answer is lost. 1 to 128 characters;
    /// <see langword="null"/>: no check.
    /// </summary>
    public string? MessageId { get; init; }

    /// <summary>
    /// Messages of one group are worked on one after another, in the order in which their sends were confirmed. 1 to 128
    /// characters; <see langword="null"/>: no order.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>Not delivered before. <see langword="null"/>: at once.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>
    /// From sending, or from the scheduled time on: what nobody has received by then is dropped, or dead-lettered if the
    /// queue says so. <see langword="null"/>: the queue's own.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>What it is about, in the application's own words.</summary>
    public string? Subject { get; init; }

    /// <summary>What it belongs to: the id of a request, a process, a conversation.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Of the body; <c>application/json</c> for a body made by <see cref="Of"/> as JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>Further texts by name. Names are compared as they are; with the body they count as its length.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = MessageHeaders.None;

    /// <summary>
    /// A message whose body is a value: bytes as they are, <see cref="string"/> as UTF-8, integers as decimal digits, all
    /// else as JSON by <see cref="GranaryClientOptions.Json"/>, as in the cache.
    /// </summary>
    public static QueueMessage Of<T>(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new QueueMessage
        {
            _encode = codec => codec.EncodeAlone(value),
            ContentType = ValueCodec.IsJson<T>() ? "application/json" : null,
        };
    }

    internal OutgoingMessage Pack(ValueCodec codec, string? traceParent) => new()
    {
        Body = _encode?.Invoke(codec) ?? Body,
        Headers = MessageHeaders.Pack(this, traceParent),
        MessageId = MessageId,
        Group = Group,
        DueAt = ScheduledTime,
        TimeToLive = TimeToLive,
    };
}
