using System.Text.Json;
using System.Text.Json.Serialization;

namespace Granary.Benchmarks.Scenarios.WebConsole;

/// <summary>As the scripts write it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BrowserRun))]
internal sealed partial class BrowserRunJson : JsonSerializerContext;
