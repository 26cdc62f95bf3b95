using System.Text.Json;
using System.Text.Json.Serialization;

namespace Granary.Administration;

/// <summary>Writes enumerations as the page reads them.</summary>
public sealed class CamelCaseEnums : JsonConverterFactory
{
    private static readonly JsonStringEnumConverter Names = new(JsonNamingPolicy.CamelCase);

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => Names.CanConvert(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        Names.CreateConverter(typeToConvert, options);
}
