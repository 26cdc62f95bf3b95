using Granary.Silo.Settings;
using Granary.Store;
using Microsoft.Extensions.Primitives;

namespace Granary.Silo.Hosting;

/// <summary>
/// Changes the cache's budget when the configuration does: <c>appsettings.json</c> is read again when it is written. What
/// the command line or the environment says goes before it, and stays. A value that cannot be is logged, and nothing changes.
/// </summary>
internal sealed class MemoryReload(
    IConfiguration configuration, CacheStore store, ILogger<MemoryReload> logger) : IHostedService, IDisposable
{
    private readonly Lock _lock = new();
    private IDisposable? _changes;
    private long _seen = SiloSettings.MemoryBytesOf(configuration);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Follow);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _changes?.Dispose();

    // Another option's change is none of this one's: what cache_memlimit has set stays.
    internal void Follow()
    {
        lock (_lock)
        {
            try
            {
                long bytes = SiloSettings.MemoryBytesOf(configuration);
                if (bytes == _seen)
                {
                    return;
                }

                _seen = bytes;
                if (store.Budget.TrySet(bytes))
                {
                    logger.MemoryReloaded(ByteSize.Format(bytes));
                }
                else
                {
                    logger.MemoryNotReloaded(
                        $"{ByteSize.Format(bytes)} is not from {ByteSize.Format(store.Budget.LeastBytes)} to "
                        + $"{ByteSize.Format(store.Budget.GreatestBytes)}.");
                }
            }
            catch (SettingsException exception)
            {
                logger.MemoryNotReloaded(exception.Message);
            }
        }
    }
}
