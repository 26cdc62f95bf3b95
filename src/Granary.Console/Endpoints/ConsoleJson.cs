using System.Text.Json;
using System.Text.Json.Serialization;
using Granary.Administration;
using Granary.Console.Audit;

namespace Granary.Console.Endpoints;

/// <summary>What only the page and its silo say to each other.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(CamelCaseEnums)])]
[JsonSerializable(typeof(Visitor))]
[JsonSerializable(typeof(QueueAction))]
[JsonSerializable(typeof(DrainAction))]
[JsonSerializable(typeof(ActionDone))]
[JsonSerializable(typeof(ActionRefused))]
[JsonSerializable(typeof(AuditPage))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
