using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Granary.Client;

/// <summary>The headers of messages as bytes: a JSON object of texts, which any language and an operator can read.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class MessageHeaders : JsonSerializerContext
{
    public const string Subject = "subject";
    public const string CorrelationId = "correlation-id";
    public const string ContentType = "content-type";
    public const string ReplyTo = "reply-to"; // an inbox
    public const string TraceParent = "traceparent"; // W3C Trace Context

    public static IReadOnlyDictionary<string, string> None { get; } = FrozenDictionary<string, string>.Empty;

    /// <summary>No bytes where there are no headers.</summary>
    public static ReadOnlyMemory<byte> Pack(QueueMessage message, string? traceParent)
    {
        Dictionary<string, string> all = new(message.Headers, StringComparer.Ordinal);
        Add(all, Subject, message.Subject);
        Add(all, CorrelationId, message.CorrelationId);
        Add(all, ContentType, message.ContentType);
        Add(all, TraceParent, traceParent);
        return all.Count == 0
            ? ReadOnlyMemory<byte>.Empty
            : JsonSerializer.SerializeToUtf8Bytes(all, Default.DictionaryStringString);
    }

    /// <exception cref="FormatException">The bytes are no headers.</exception>
    public static IReadOnlyDictionary<string, string> Unpack(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return None;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.Span, Default.DictionaryStringString) ?? None;
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The message's headers of {bytes.Length} bytes are no JSON object of texts.", exception);
        }
    }

    private static void Add(Dictionary<string, string> all, string name, string? value)
    {
        if (value is not null)
        {
            all[name] = value;
        }
    }
}
