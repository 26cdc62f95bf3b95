using System.CommandLine.Parsing;

namespace Granary.CommandLine.Values;

/// <summary>Headers of a message: NAME=TEXT.</summary>
internal static class NamedTexts
{
    /// <summary>For an option that may be given more than once.</summary>
    public static Dictionary<string, string> Parse(ArgumentResult result)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string token in result.Tokens.Select(static token => token.Value))
        {
            int equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                result.AddError($"'{token}' is no header: it must be NAME=TEXT.");
            }
            else if (!texts.TryAdd(token[..equals], token[(equals + 1)..]))
            {
                result.AddError($"The header '{token[..equals]}' is given twice.");
            }
        }

        return texts;
    }
}
