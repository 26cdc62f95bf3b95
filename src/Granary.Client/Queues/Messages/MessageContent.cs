using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client;

/// <summary>A message as it was sent.</summary>
public sealed class MessageContent
{
    private readonly StoredMessage _stored;
    private readonly ValueCodec _codec;
    private IReadOnlyDictionary<string, string>? _headers;

    internal MessageContent(StoredMessage stored, ValueCodec codec)
    {
        _stored = stored;
        _codec = codec;
    }

    /// <summary>What is carried.</summary>
    public ReadOnlyMemory<byte> Body => _stored.Body;

    /// <summary>The id by which it is not stored twice.</summary>
    public string? MessageId => _stored.MessageId;

    /// <summary>The group within which it is ordered.</summary>
    public string? Group => _stored.Group;

    /// <summary>What it is about.</summary>
    public string? Subject => Headers.GetValueOrDefault(MessageHeaders.Subject);

    /// <summary>What it belongs to.</summary>
    public string? CorrelationId => Headers.GetValueOrDefault(MessageHeaders.CorrelationId);

    /// <summary>Of the body.</summary>
    public string? ContentType => Headers.GetValueOrDefault(MessageHeaders.ContentType);

    /// <summary>When it was sent.</summary>
    public DateTimeOffset EnqueuedTime => DateTimeOffset.FromUnixTimeMilliseconds(_stored.EnqueuedAt);

    /// <summary>When it was to be delivered first, if it was scheduled.</summary>
    public DateTimeOffset? ScheduledTime =>
        _stored.DueAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_stored.DueAt);

    /// <summary>When its time ends; <see langword="null"/>: never.</summary>
    public DateTimeOffset? ExpiresTime =>
        _stored.ExpiresAt == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(_stored.ExpiresAt);

    /// <summary>All headers, those with a property of their own included.</summary>
    /// <exception cref="FormatException">The sender's headers cannot be read.</exception>
    public IReadOnlyDictionary<string, string> Headers => _headers ??= MessageHeaders.Unpack(_stored.Headers);

    /// <summary>The body as a value, by the same rules as <see cref="QueueMessage.Of"/>.</summary>
    /// <exception cref="FormatException">The body is no <typeparamref name="T"/>.</exception>
    public T As<T>() => _codec.Decode<T>(_stored.Body.Span);
}
