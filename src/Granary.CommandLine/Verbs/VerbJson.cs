using System.Text.Json;
using System.Text.Json.Serialization;
using Granary.Administration.State;
using Granary.CommandLine.Verbs.Cache;
using Granary.CommandLine.Verbs.Queues;

namespace Granary.CommandLine.Verbs;

/// <summary>What only the command line shows, as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ActionResult))]
[JsonSerializable(typeof(EntryView))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(IReadOnlyList<NamespaceState>))]
internal sealed partial class VerbJson : JsonSerializerContext;
