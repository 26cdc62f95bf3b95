using Microsoft.Extensions.Hosting;

namespace Granary.CommandLine.Connecting;

/// <summary>The host's part in signals: none. Ctrl-C is the command line's.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
