using System.Text.Json;
using System.Text.Json.Serialization;
using Granary.Queues;

namespace Granary.Streams.Adapter;

/// <summary>The stream that a message is of, in its headers: as all messages' they are a JSON object of texts.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class StreamHeaders : JsonSerializerContext
{
    private const string Namespace = "stream-namespace";
    private const string Key = "stream-key";

    /// <exception cref="ArgumentException">The stream's name is no text.</exception>
    public static ReadOnlyMemory<byte> Pack(StreamId stream)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal) { [Key] = stream.GetKeyAsString() };
        if (stream.GetNamespace() is { } name)
        {
            all[Namespace] = name;
        }

        return StreamOf(all).Equals(stream)
            ? JsonSerializer.SerializeToUtf8Bytes(all, Default.DictionaryStringString)
            : throw new ArgumentException($"The name of stream '{stream}' is no text.", nameof(stream));
    }

    /// <summary>Null: it names none.</summary>
    public static StreamId? StreamOf(StoredMessage message)
    {
        try
        {
            Dictionary<string, string>? all = message.Headers.IsEmpty
                ? null
                : JsonSerializer.Deserialize(message.Headers.Span, Default.DictionaryStringString);
            return all?.ContainsKey(Key) == true ? StreamOf(all) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static StreamId StreamOf(Dictionary<string, string> all) =>
        StreamId.Create(all.GetValueOrDefault(Namespace), all[Key]);
}
