using Granary.Cache.Membership;
using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>Transfers of another silo.</summary>
internal sealed class PeerTransfers(ClusterView view, SiloAddress silo) : ITransfers
{
    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) =>
        view.ServiceOf(silo).ReadPageAsync(transfer, offset);

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        view.ServiceOf(silo).WritePageAsync(transfer, offset, page);

    public ValueTask CloseTransferAsync(long transfer) => view.ServiceOf(silo).CloseTransferAsync(transfer);
}
