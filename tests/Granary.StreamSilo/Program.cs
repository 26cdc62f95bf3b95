using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

// A silo as it is, with grains beside it that subscribe to streams.
return await SiloCommand.Create(RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });

static async Task<int> RunAsync(IReadOnlyDictionary<string, string?> commandLine, CancellationToken cancellationToken)
{
    await using WebApplication app = SiloHost.Build(commandLine);
    await app.RunAsync(cancellationToken);
    return 0;
}
