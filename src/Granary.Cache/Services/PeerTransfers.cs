using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>Transfers of another silo.</summary>
internal sealed class PeerTransfers(ICacheSiloService service) : ITransfers
{
    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) => service.ReadPageAsync(transfer, offset);

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        service.WritePageAsync(transfer, offset, page);

    public ValueTask CloseTransferAsync(long transfer) => service.CloseTransferAsync(transfer);
}
