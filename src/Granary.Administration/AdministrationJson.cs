using System.Text.Json;
using System.Text.Json.Serialization;
using Granary.Administration.Queues;
using Granary.Administration.State;

namespace Granary.Administration;

/// <summary>What is shown, as JSON: names and enumerations in camel case.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(CamelCaseEnums)])]
[JsonSerializable(typeof(ClusterState))]
[JsonSerializable(typeof(ClusterHistory))]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(QueueDetail))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class AdministrationJson : JsonSerializerContext;
