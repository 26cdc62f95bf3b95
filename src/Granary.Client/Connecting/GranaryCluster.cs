using Granary.Client.Routing;

namespace Granary.Client.Connecting;

/// <inheritdoc/>
internal sealed class GranaryCluster(MapSource maps) : IGranaryCluster
{
    public async Task<ServedMap> GetMapAsync(CancellationToken cancellationToken = default)
    {
        await maps.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return maps.LastError is { } error
            ? throw new GranaryUnavailableException($"No silo tells which silos there are: {error.Message}", error)
            : maps.Current!;
    }
}
