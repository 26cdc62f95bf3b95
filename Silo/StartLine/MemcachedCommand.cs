using System.CommandLine;
using System.Runtime.InteropServices;
using Granary.Memcached.Server;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;

namespace Granary.Silo.StartLine;

/// <summary>The command <c>memcached</c>: a silo by memcached's own command line, so that start scripts keep working.</summary>
internal static class MemcachedCommand
{
    /// <summary>What memcached ends with if its line is wrong: EX_USAGE of sysexits.h.</summary>
    public const int UsageError = 64;

    private const string Name = "memcached";
    private const PosixSignal GracefulStop = (PosixSignal)10; // SIGUSR1

    /// <summary>Makes the command.</summary>
    /// <param name="run">Runs the silo with what the line sets, and returns the exit code.</param>
    public static Command Create(Func<IReadOnlyDictionary<string, string?>, CancellationToken, Task<int>> run)
    {
        var command = new Command(Name, "Runs a silo by memcached's own flags, for start scripts that are there. The silo's options may be added.");
        List<(MemcachedFlag Flag, Option Parsed)> flags = [];
        foreach (MemcachedFlag flag in MemcachedFlags.All)
        {
            Option parsed = OptionOf(flag);
            command.Options.Add(parsed);
            flags.Add((flag, parsed));
        }

        var options = new SiloOptionSet(command);
        command.SetAction((line, cancellationToken) => RunAsync(line, flags, options, run, cancellationToken));
        return command;
    }

    /// <summary>Says what is wrong with a line of this command that cannot be read.</summary>
    /// <returns>The exit code; <see langword="null"/> if it is another command's, or can be read.</returns>
    public static int? Refuse(ParseResult line, TextWriter error)
    {
        if (line.CommandResult.Command.Name != Name || line.Errors.Count == 0)
        {
            return null;
        }

        error.WriteLine($"granary: {line.Errors[0].Message} '{Name} --help' lists what there is.");
        return UsageError;
    }

    private static Option OptionOf(MemcachedFlag flag)
    {
        string[] aliases = flag.LongName is null ? [] : [$"--{flag.LongName}"];
        return flag.ValueName is null
            ? new Option<bool>($"-{flag.Letter}", aliases) { Description = flag.Meaning, Arity = ArgumentArity.Zero }
            : new Option<string[]>($"-{flag.Letter}", aliases)
            {
                Description = flag.Meaning,
                HelpName = flag.ValueName,
                Arity = ArgumentArity.OneOrMore,
            };
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        List<(MemcachedFlag Flag, Option Parsed)> flags,
        SiloOptionSet options,
        Func<IReadOnlyDictionary<string, string?>, CancellationToken, Task<int>> run,
        CancellationToken cancellationToken)
    {
        Translation line = new();
        try
        {
            Read(parsed, flags, options, line);
            if (line.IsVersionAsked)
            {
                parsed.InvocationConfiguration.Output.WriteLine($"{Name} {MemcachedGateway.Version}");
                return 0;
            }

            Completion.Complete(line);
            if (line.IsDaemon && !Daemon.IsThis)
            {
                return await Daemon.StartAsync(Environment.GetCommandLineArgs().Skip(1), cancellationToken);
            }

            if (line.User is not null)
            {
                Privileges.Become(line.User);
            }
        }
        catch (SettingsException exception)
        {
            Refusal.Tell(exception, parsed.InvocationConfiguration.Error);
            return UsageError;
        }

        if (line.IsDaemon)
        {
            Daemon.LeaveSession();
        }

        foreach (string note in line.Notes)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"granary: {note}");
        }

        return await RunAsync(line, run, cancellationToken);
    }

    // The silo's own options count for more: they say what is meant here.
    private static void Read(
        ParseResult parsed, List<(MemcachedFlag Flag, Option Parsed)> flags, SiloOptionSet options, Translation line)
    {
        foreach ((MemcachedFlag flag, Option option) in flags)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
            {
                continue;
            }

            IEnumerable<string> values = flag.ValueName is null
                ? Enumerable.Repeat(string.Empty, result.IdentifierTokenCount)
                : result.Tokens.Select(static token => token.Value);
            foreach (string value in values)
            {
                flag.Apply(line, value);
            }
        }

        foreach ((string key, string? value) in options.Read(parsed))
        {
            line.SetKey(key, value!);
        }
    }

    // Queues that somebody makes on such a silo last as long as it, unless --data or a cluster says where they are.
    private static async Task<int> RunAsync(
        Translation line, Func<IReadOnlyDictionary<string, string?>, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<PosixSignalRegistration> signals = OperatingSystem.IsWindows() ? [] :
        [
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true), // the user file is read again anyway
            PosixSignalRegistration.Create(GracefulStop, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            }),
        ];
        SiloOption[] places = [SiloOptions.Data, SiloOptions.Primary, SiloOptions.ClusterStore];
        string? folder = Array.Exists(places, line.IsSet) ? null : Directory.CreateTempSubdirectory("granary-queues-").FullName;
        try
        {
            if (folder is not null)
            {
                line.Set(SiloOptions.Data, folder);
            }

            return await run(line.Settings, stop.Token);
        }
        finally
        {
            signals.ForEach(static signal => signal.Dispose());
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
