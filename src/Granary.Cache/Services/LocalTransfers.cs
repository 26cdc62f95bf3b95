using Granary.Cache.Routing;
using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>Transfers of this silo.</summary>
internal sealed class LocalTransfers(TransferTable transfers, PagedValues values) : ITransfers
{
    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) => new(transfers.ReadPage(transfer, offset));

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        values.WritePageAsync(transfer, offset, page);

    public ValueTask CloseTransferAsync(long transfer)
    {
        transfers.Close(transfer);
        return default;
    }
}
