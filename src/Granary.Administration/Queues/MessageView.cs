using System.Text;
using System.Text.Json;
using Granary.Queues;

namespace Granary.Administration.Queues;

/// <summary>A message as it is looked at.</summary>
public sealed record MessageView
{
    // A look is not a download.
    private const int MaxBodyBytes = 4 << 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where it is: for actions on it alone.</summary>
    public required string Position { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required MessageState State { get; init; }

    /// <summary>The id by which it is not stored twice.</summary>
    public required string? MessageId { get; init; }

    /// <summary>The group within which it is ordered.</summary>
    public required string? Group { get; init; }

    /// <summary>What it is about.</summary>
    public required string? Subject { get; init; }

    /// <summary>Of the body.</summary>
    public required string? ContentType { get; init; }

    /// <summary>UTC milliseconds.</summary>
    public required long SentAt { get; init; }

    /// <summary>Of a delayed message. UTC milliseconds.</summary>
    public required long? DueAt { get; init; }

    /// <summary>How often it has failed.</summary>
    public required int Failures { get; init; }

    /// <summary>How often a worker has had it.</summary>
    public required int Deliveries { get; init; }

    /// <summary>All headers.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Length of the body.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>The beginning of the body: a text, or base 64.</summary>
    public required string Body { get; init; }

    /// <summary>Whether it is a text.</summary>
    public required bool BodyIsText { get; init; }

    /// <summary>Whether there is more of it.</summary>
    public required bool BodyIsCut { get; init; }

    /// <summary>Why it is dead.</summary>
    public required string? DeadReason { get; init; }

    /// <summary>What was added to that.</summary>
    public required string? DeadDescription { get; init; }

    /// <summary>What its last worker said when it failed.</summary>
    public required string? LastFailure { get; init; }

    /// <summary>When that was. UTC milliseconds.</summary>
    public required long? LastFailureAt { get; init; }

    /// <summary>As people read it.</summary>
    public static MessageView Of(PeekedContent message)
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageDescription description = message.Description;
        Dictionary<string, string> headers = HeadersOf(message.Content.Headers);
        string body = BodyOf(message.Content.Body.Span, out bool isText);
        Failure? last = description.Failures.Count > 0 ? description.Failures[^1] : null;
        return new MessageView
        {
            Position = $"{new MessagePosition(message.Partition, description.Offset)}",
            State = description.State,
            MessageId = message.Content.MessageId,
            Group = message.Content.Group,
            Subject = headers.GetValueOrDefault("subject"),
            ContentType = headers.GetValueOrDefault("content-type"),
            SentAt = message.Content.EnqueuedAt,
            DueAt = description.DueAt == 0 ? null : description.DueAt,
            Failures = description.DeliveryCount,
            Deliveries = description.AcquiredCount,
            Headers = headers,
            BodyBytes = message.Content.Body.Length,
            Body = body,
            BodyIsText = isText,
            BodyIsCut = message.Content.Body.Length > MaxBodyBytes,
            DeadReason = description.Reason,
            DeadDescription = description.Details,
            LastFailure = last?.Reason,
            LastFailureAt = last?.At,
        };
    }

    // Another program's headers may be anything; then the message is shown without.
    private static Dictionary<string, string> HeadersOf(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return bytes.IsEmpty
                ? []
                : JsonSerializer.Deserialize(bytes.Span, AdministrationJson.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["(headers)"] = $"{bytes.Length} bytes that are no JSON object of texts" };
        }
    }

    private static string BodyOf(ReadOnlySpan<byte> body, out bool isText)
    {
        ReadOnlySpan<byte> shown = body[..Math.Min(body.Length, MaxBodyBytes)];
        for (int cut = 0; cut < 4 && cut <= shown.Length; cut++) // a cut may go through a character
        {
            try
            {
                string text = Strict.GetString(shown[..^cut]);
                isText = !text.Any(static one => char.IsControl(one) && one is not ('\n' or '\r' or '\t'));
                return isText ? text : Convert.ToBase64String(shown);
            }
            catch (DecoderFallbackException) when (body.Length > MaxBodyBytes)
            {
            }
            catch (DecoderFallbackException)
            {
                break;
            }
        }

        isText = false;
        return Convert.ToBase64String(shown);
    }
}
