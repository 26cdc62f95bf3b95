using System.CommandLine;
using Granary.CommandLine;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Granary.Silo.StartLine;

ParseResult line = SiloCommand.Create(RunAsync).Parse(args);
if (MemcachedCommand.Refuse(line, System.Console.Error) is { } refused)
{
    return refused;
}

return GranaryVerbs.Handles(line)
    ? await GranaryVerbs.InvokeAsync(line)
    : await line.InvokeAsync(new() { ProcessTerminationTimeout = null });

// What a person can mend is one line; anything else is a bug and keeps its stack trace.
static async Task<int> RunAsync(IReadOnlyDictionary<string, string?> commandLine, CancellationToken cancellationToken)
{
    try
    {
        await using WebApplication app = SiloHost.Build(commandLine);
        await app.RunAsync(cancellationToken);
        return 0;
    }
    catch (Exception exception) when (exception is SettingsException or Granary.GranaryException)
    {
        return Refusal.Tell(exception, System.Console.Error);
    }
}
