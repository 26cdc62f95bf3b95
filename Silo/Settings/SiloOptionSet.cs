using System.CommandLine;

namespace Granary.Silo.Settings;

/// <summary>The silo's options as a command has them, and what a line says of them.</summary>
internal sealed class SiloOptionSet
{
    private readonly List<(SiloOption Option, Option<string> Parsed)> _options = [];

    /// <summary>Adds them to a command.</summary>
    public SiloOptionSet(Command command)
    {
        foreach (SiloOption option in SiloOptions.All)
        {
            var parsed = new Option<string>($"--{option.Name}")
            {
                Description = Describe(option),
                HelpName = option.ValueName,
                Arity = option.Implied is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
            };
            command.Options.Add(parsed);
            _options.Add((option, parsed));
        }
    }

    /// <summary>What was said on the command line, by key of configuration.</summary>
    public Dictionary<string, string?> Read(ParseResult line)
    {
        var set = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((SiloOption option, Option<string> parsed) in _options)
        {
            if (line.GetResult(parsed) is { Implicit: false })
            {
                set[option.Key] = line.GetValue(parsed) ?? option.Implied;
            }
        }

        return set;
    }

    private static string Describe(SiloOption option) => option.Default.Length == 0
        ? $"{option.Description} [{option.Key}]"
        : $"{option.Description} Default: {option.Default}. [{option.Key}]";
}
