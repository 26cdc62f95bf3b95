using System.Text.Json;
using System.Text.Json.Serialization;

namespace Granary.Queues.Logs;

/// <summary>A queue's definition as the log keeps it: JSON, so that an operator can read it and options can be added.</summary>
[JsonSourceGenerationOptions(WriteIndented = false, UseStringEnumConverter = true)]
[JsonSerializable(typeof(QueueDefinition))]
internal sealed partial class QueueDefinitionFormat : JsonSerializerContext
{
    public static string Write(QueueDefinition definition) =>
        JsonSerializer.Serialize(definition, Default.QueueDefinition);

    /// <exception cref="JsonException">It is no definition.</exception>
    public static QueueDefinition Read(string text) =>
        JsonSerializer.Deserialize(text, Default.QueueDefinition) ?? throw new JsonException("The definition is null.");
}
