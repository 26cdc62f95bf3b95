using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>The further pages of long values on one silo.</summary>
public interface ITransfers
{
    /// <inheritdoc cref="ICacheSiloService.ReadPageAsync"/>
    ValueTask<WireBytes> ReadPageAsync(long transfer, int offset);

    /// <inheritdoc cref="ICacheSiloService.WritePageAsync"/>
    ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page);

    /// <inheritdoc cref="ICacheSiloService.CloseTransferAsync"/>
    ValueTask CloseTransferAsync(long transfer);
}
