using System.CommandLine;
using Granary.CommandLine;
using Granary.Silo.LocalCluster;

namespace Granary.Silo.Settings;

/// <summary>The command line: every option, its help, and what it sets in configuration.</summary>
internal static class SiloCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="run">Runs the silo with what the command line sets, and returns the exit code.</param>
    public static RootCommand Create(Func<IReadOnlyDictionary<string, string?>, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand(
            "A Granary silo: distributed cache for memcached and .NET clients. Every option can also be set in\n"
            + "appsettings.json or in the environment, for example Granary__Cache__MemoryLimit=1GiB.");
        var options = new List<(SiloOption Option, Option<string> Parsed)>();
        foreach (SiloOption option in SiloOptions.All)
        {
            var parsed = new Option<string>($"--{option.Name}")
            {
                Description = Describe(option),
                HelpName = option.ValueName,
                Arity = option.Implied is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
            };
            command.Options.Add(parsed);
            options.Add((option, parsed));
        }

        command.Subcommands.Add(ClusterCommand.Create());
        command.Subcommands.Add(CredentialsCommand.Create());
        foreach (Command verb in GranaryVerbs.All())
        {
            command.Subcommands.Add(verb);
        }

        command.SetAction((result, cancellationToken) =>
        {
            var set = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach ((SiloOption option, Option<string> parsed) in options)
            {
                if (result.GetResult(parsed) is { Implicit: false })
                {
                    set[option.Key] = result.GetValue(parsed) ?? option.Implied;
                }
            }

            return run(set, cancellationToken);
        });
        return command;
    }

    private static string Describe(SiloOption option) => option.Default.Length == 0
        ? $"{option.Description} [{option.Key}]"
        : $"{option.Description} Default: {option.Default}. [{option.Key}]";
}
