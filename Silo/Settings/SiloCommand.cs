using System.CommandLine;
using Granary.CommandLine;
using Granary.Silo.LocalCluster;
using Granary.Silo.StartLine;

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
        var options = new SiloOptionSet(command);
        command.Subcommands.Add(ClusterCommand.Create());
        command.Subcommands.Add(CredentialsCommand.Create());
        command.Subcommands.Add(MemcachedCommand.Create(run));
        foreach (Command verb in GranaryVerbs.All())
        {
            command.Subcommands.Add(verb);
        }

        command.SetAction((result, cancellationToken) => run(options.Read(result), cancellationToken));
        return command;
    }
}
