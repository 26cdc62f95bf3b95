using System.Diagnostics;
using System.Text.Json;
using Granary.Queues.Logs;

namespace Granary.Queues.Grains;

/// <summary>
/// The span of storing messages, from when they come to their partition until they are durable. It is below the send that
/// their header <c>traceparent</c> names: a silo adds to the traces of clients, and begins none. While nobody listens
/// nothing is read.
/// </summary>
internal static class StoreActivity
{
    private const string Name = "Granary.Queues";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Begins the span.</summary>
    /// <returns><see langword="null"/> if nobody listens, or the first message names no send.</returns>
    public static Activity? Begin(PartitionId partition, OutgoingMessage[] messages) =>
        Source.HasListeners()
        && messages.Length > 0
        && ActivityContext.TryParse(ParentOf(messages[0].Headers), null, isRemote: true, out ActivityContext parent)
            ? Source.StartActivity($"store {partition.Queue}", ActivityKind.Server, parent)
                ?.SetTag("messaging.system", "granary")
                .SetTag("messaging.destination.name", partition.Queue)
                .SetTag("messaging.destination.partition.id", $"{partition.Index}")
                .SetTag("messaging.operation.name", "store")
                .SetTag("messaging.batch.message_count", messages.Length)
            : null;

    // Headers are a JSON object of texts, if our client has packed them.
    private static string? ParentOf(ReadOnlyMemory<byte> headers)
    {
        try
        {
            var reader = new Utf8JsonReader(headers.Span);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("traceparent"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (JsonException)
        {
            // Of another client, or none.
        }

        return null;
    }
}
