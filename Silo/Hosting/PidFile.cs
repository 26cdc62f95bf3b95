using System.Globalization;
using Granary.Silo.Settings;

namespace Granary.Silo.Hosting;

/// <summary>The file that has the process id, for those who stop a silo by it: there from when clients are accepted until the end.</summary>
internal sealed class PidFile(SiloSettings settings) : IHostedLifecycleService
{
    private static string Text => string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n");

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes it beside and renames it, so that nobody reads half of a number.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (settings.PidFile is { } file)
        {
            await File.WriteAllTextAsync(file + ".new", Text, cancellationToken);
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Deletes it, unless it is another process's by now.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (settings.PidFile is { } file && File.Exists(file) && await File.ReadAllTextAsync(file, cancellationToken) == Text)
        {
            File.Delete(file);
        }
    }
}
