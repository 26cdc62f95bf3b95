using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Granary.CommandLine.Rendering;

/// <summary>Values as one line of JSON.</summary>
internal static class Json
{
    public static void Write<T>(ITerminal terminal, T value, JsonTypeInfo<T> type) =>
        terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));
}
