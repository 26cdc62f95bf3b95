using Granary.Cache.Membership;
using Granary.Cache.Services;
using Granary.Cache.Shards;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Long values of any silo, page by page. One that has come in whole follows its shard. Thread-safe.</summary>
internal sealed class PagedValues(
    ShardRegistry registry, CacheRouter router, ClusterView view, TransferTable transfers)
{
    /// <summary>Opens a value for reading where its shard is.</summary>
    /// <exception cref="OrleansException">The silo could not be reached.</exception>
    public ValueTask<RemoteRead> OpenReadAsync(PagedReadRequest request) => router.CallOwnerAsync(
        ShardOf(request.Key.Span),
        async silo => silo.Equals(view.Self)
            ? new RemoteRead(transfers.OpenRead(request), new LocalTransfers(transfers, this))
            : new RemoteRead(await view.ServiceOf(silo).OpenReadAsync(request), new PeerTransfers(view, silo)),
        isRepeatable: true,
        static read => read.Reply.Status != CacheStatus.NotOwner);

    /// <summary>Opens a value for writing where its shard is.</summary>
    /// <exception cref="OrleansException">The silo could not be reached.</exception>
    public ValueTask<RemoteWrite> OpenWriteAsync(PagedWriteRequest request) => router.CallOwnerAsync(
        ShardOf(request.Key.Span),
        async silo => silo.Equals(view.Self)
            ? new RemoteWrite(await transfers.OpenWriteAsync(request), new LocalTransfers(transfers, this))
            : new RemoteWrite(await view.ServiceOf(silo).OpenWriteAsync(request), new PeerTransfers(view, silo)),
        isRepeatable: request.Page.Length < request.Length, // nothing is stored before the last page
        static write => write.Reply.Status != CacheStatus.NotOwner);

    /// <summary>Adds a page to a value on this silo; the last one stores it, wherever its shard is by then.</summary>
    /// <exception cref="OrleansException">The shard has left, and its silo could not be reached.</exception>
    public async ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page)
    {
        PagedWriteReply reply = await transfers.WritePageAsync(transfer, offset, page);
        return reply.Status == CacheStatus.NotOwner
            && transfers.TryTake(transfer, out PagedWriteRequest? request, out StagedValue? staged)
                ? await ForwardAsync(request, staged)
                : reply;
    }

    /// <summary>Stores a value that has come in whole, and whose shard has left this silo meanwhile.</summary>
    /// <param name="request">What it is stored by. Its page is not looked at.</param>
    /// <param name="staged">The value; disposed of here.</param>
    /// <exception cref="OrleansException">The shard's silo could not be reached.</exception>
    public async Task<PagedWriteReply> ForwardAsync(PagedWriteRequest request, StagedValue staged)
    {
        using (staged)
        {
            RemoteWrite write = await OpenWriteAsync(request with { Page = PageAt(staged, 0) });
            PagedWriteReply reply = write.Reply;
            for (int sent = WireLimits.PageBytes; reply.Status == CacheStatus.Continue; sent += WireLimits.PageBytes)
            {
                reply = await write.Transfers.WritePageAsync(
                    write.Reply.Transfer, sent, new WireBytes(PageAt(staged, sent)));
            }

            return reply;
        }
    }

    private static byte[] PageAt(StagedValue staged, int offset)
    {
        byte[] page = new byte[Math.Min(WireLimits.PageBytes, staged.Length - offset)];
        staged.CopyTo(offset, page);
        return page;
    }

    private int ShardOf(ReadOnlySpan<byte> key) => ShardHash.ShardOf(key, registry.ShardCount);
}
