using Granary.Client.Merging;
using Granary.Client.Routing;
using Granary.Wire;

namespace Granary.Client.Values;

// A value over 64 KiB does not travel in a batch, where it would hold up everything behind it, but by pages of 512 KiB
// straight to and from the shard's owner:
//
//   read   OpenRead  -> first page, transfer   ReadPage(transfer, offset) ...
//   write  OpenWrite -> Continue, transfer     WritePage(transfer, offset, page) ... -> outcome
//
// A read that breaks begins anew. So does a write: nothing is visible before its last page, and only the answer to that
// page can leave the outcome unknown.

/// <summary>Reads and writes long values; a bounded number at a time. Thread-safe.</summary>
internal sealed class PagedTransfers(
    Router router, IClusterAccess cluster, Backoff backoff, Deadlines deadlines, int maxTransfers) : IDisposable
{
    private readonly SemaphoreSlim _free = new(maxTransfers);

    public void Dispose() => _free.Dispose();

    /// <summary>Reads the value of a key; a miss is <see cref="CacheStatus.NotFound"/>.</summary>
    /// <exception cref="GranaryUnavailableException">It could not be read until the call's deadline.</exception>
    public Task<OperationReply> ReadAsync(PendingOperation target, byte[] key, long? expiration)
    {
        var request = new PagedReadRequest { Key = key, Expiration = expiration };
        return RepeatAsync(target, key, owner => TryReadAsync(target, owner, request));
    }

    /// <summary>Stores a value.</summary>
    /// <param name="target">The call.</param>
    /// <param name="request">The operation; its page and length are ignored.</param>
    /// <param name="value">The whole value.</param>
    /// <exception cref="GranaryUnavailableException">Not applied until the call's deadline.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">The answer to the last page was lost.</exception>
    public Task<OperationReply> WriteAsync(
        PendingOperation target, PagedWriteRequest request, ReadOnlyMemory<byte> value) =>
        RepeatAsync(target, request.Key, owner => TryWriteAsync(target, owner, request, value));

    private async Task<OperationReply> RepeatAsync(
        PendingOperation target, ReadOnlyMemory<byte> key, Func<ICacheSiloService, Task<OperationReply>> transfer)
    {
        await deadlines.WaitAsync(_free.WaitAsync(), target.Deadline).ConfigureAwait(false);
        try
        {
            bool locate = false;
            for (int attempt = 1; !target.IsCompleted; attempt++)
            {
                OperationReply reply = await TryAsync(target, key, locate, transfer).ConfigureAwait(false);
                if (reply.Status is >= CacheStatus.Success and <= CacheStatus.NoRoom)
                {
                    return reply;
                }

                locate = reply.Status == CacheStatus.NotOwner;
                await deadlines.PauseAsync(backoff.Before(attempt), target.Deadline).ConfigureAwait(false);
            }

            return default;
        }
        finally
        {
            _free.Release();
        }
    }

    // NotOwner: ask who it is. UnknownTransfer: begin anew.
    private async Task<OperationReply> TryAsync(
        PendingOperation target,
        ReadOnlyMemory<byte> key,
        bool locate,
        Func<ICacheSiloService, Task<OperationReply>> transfer)
    {
        RouteTable table = await router.TableAsync(target.Deadline).ConfigureAwait(false);
        SiloLink link = table.Links[table.LinkIndex(key.Span, deadlines.Now)];
        try
        {
            ICacheSiloService? owner = link.Service;
            if (locate)
            {
                int shard = ShardHash.ShardOf(key.Span, table.Map.ShardCount);
                owner = (await cluster.LocateAsync(shard).ConfigureAwait(false)).Service ?? owner;
            }

            return await transfer(owner).ConfigureAwait(false);
        }
        catch (Exception error) when (!IsFinal(error)) // the edge: one transfer
        {
            router.OnFailure(link, error);
            return new OperationReply { Status = CacheStatus.UnknownTransfer };
        }
    }

    // Said here. Any other GranaryException is a silo's: it does not vouch for what it has done.
    private static bool IsFinal(Exception error) => error is GranaryUnavailableException or GranaryOutcomeUnknownException;

    private bool IsOver(PendingOperation target) => target.IsCompleted || target.Deadline <= deadlines.Now;

    private async Task<OperationReply> TryReadAsync(
        PendingOperation target, ICacheSiloService owner, PagedReadRequest request)
    {
        PagedReadReply opened = await owner.OpenReadAsync(request).ConfigureAwait(false);
        if (opened.Status != CacheStatus.Success)
        {
            return new OperationReply { Status = opened.Status };
        }

        var value = new byte[opened.Length];
        opened.Page.CopyTo(value);
        int offset = opened.Page.Length;
        while (offset < value.Length)
        {
            if (IsOver(target))
            {
                await owner.CloseTransferAsync(opened.Transfer).ConfigureAwait(false);
                return default;
            }

            WireBytes page = await owner.ReadPageAsync(opened.Transfer, offset).ConfigureAwait(false);
            if (page.Memory.IsEmpty)
            {
                return new OperationReply { Status = CacheStatus.UnknownTransfer };
            }

            page.Memory.CopyTo(value.AsMemory(offset));
            offset += page.Memory.Length;
        }

        return new OperationReply
        {
            Status = CacheStatus.Success,
            Flags = opened.Flags,
            Cas = opened.Cas,
            Value = value,
        };
    }

    private async Task<OperationReply> TryWriteAsync(
        PendingOperation target, ICacheSiloService owner, PagedWriteRequest request, ReadOnlyMemory<byte> value)
    {
        ReadOnlyMemory<byte> page = PageAt(value, 0);
        int offset = 0;
        try
        {
            PagedWriteReply reply =
                await owner.OpenWriteAsync(WithPage(request, value.Length, page)).ConfigureAwait(false);
            while (reply.Status == CacheStatus.Continue && offset + page.Length < value.Length)
            {
                if (IsOver(target))
                {
                    await owner.CloseTransferAsync(reply.Transfer).ConfigureAwait(false);
                    return default;
                }

                offset += page.Length;
                page = PageAt(value, offset);
                long transfer = reply.Transfer;
                reply = await owner.WritePageAsync(transfer, offset, new WireBytes(page)).ConfigureAwait(false);
            }

            return reply.Status == CacheStatus.Unknown
                ? throw deadlines.OutcomeUnknown(null)
                : new OperationReply { Status = reply.Status, Cas = reply.Cas };
        }
        catch (Exception error) when (!IsFinal(error))
        {
            bool last = offset + page.Length == value.Length;
            if (last && !MessageFailure.IsNotApplied(error))
            {
                throw deadlines.OutcomeUnknown(error);
            }

            throw;
        }
    }

    private static ReadOnlyMemory<byte> PageAt(ReadOnlyMemory<byte> value, int offset) =>
        value.Slice(offset, Math.Min(WireLimits.PageBytes, value.Length - offset));

    private static PagedWriteRequest WithPage(PagedWriteRequest request, int length, ReadOnlyMemory<byte> page) =>
        request with { Length = length, Page = page };
}
