using System.Diagnostics.CodeAnalysis;
using Granary.Cache.Copies;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>
/// Long values on their way between silos and to clients, page by page. Thread-safe; the pages of one transfer come one
/// after the other.
/// </summary>
internal sealed class TransferTable(ShardRegistry registry, ChangeWaits waits, TimeProvider time)
{
    private const int MaxTransfers = 256;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Transfer> _transfers = [];
    private long _last;

    private sealed class Transfer : IDisposable
    {
        public PinnedValue? Pinned { get; init; }

        public StagedValue? Staged { get; init; }

        public PagedWriteRequest? Request { get; init; }

        public int Shard { get; init; }

        public long LastUsed { get; set; }

        public void Dispose()
        {
            Pinned?.Dispose();
            Staged?.Dispose();
        }
    }

    public PagedReadReply OpenRead(PagedReadRequest request)
    {
        var sink = default(PageSink);
        StoreResult result = Read(request, ref sink);
        if (result != StoreResult.Success)
        {
            return new PagedReadReply { Status = StoreOutcome.StatusOf(result) };
        }

        long transfer = 0;
        if (sink.Pinned is { } pinned && !TryKeep(new Transfer { Pinned = pinned }, out transfer))
        {
            pinned.Dispose();
            return new PagedReadReply { Status = CacheStatus.NoRoom };
        }

        return new PagedReadReply
        {
            Status = CacheStatus.Success,
            Transfer = transfer,
            Length = sink.Entry.ValueLength,
            Flags = sink.Entry.Flags,
            Cas = sink.Entry.Cas,
            Page = sink.Page,
            State = sink.HasDetails ? EntryStates.Of(sink.Details, registry.Store) : default,
        };
    }

    /// <returns>Empty if the transfer is not known, or the offset not within the value.</returns>
    public WireBytes ReadPage(long transfer, int offset)
    {
        if (Use(transfer)?.Pinned is not { } pinned || offset < 0 || offset >= pinned.Length)
        {
            return default;
        }

        byte[] page = new byte[Math.Min(WireLimits.PageBytes, pinned.Length - offset)];
        pinned.CopyTo(offset, page);
        if (offset + page.Length == pinned.Length)
        {
            Close(transfer);
        }

        return new WireBytes(page);
    }

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) =>
        ConfirmAsync(ShardHash.ShardOf(request.Key.Span, registry.ShardCount), OpenWrite(request));

    public ValueTask<PagedWriteReply> WritePageAsync(long id, int offset, WireBytes page)
    {
        int shard = Use(id)?.Shard ?? 0;
        return ConfirmAsync(shard, WritePage(id, offset, page));
    }

    /// <summary>Takes a whole value out whose shard is not served here any more.</summary>
    /// <param name="id">The transfer.</param>
    /// <param name="request">What it was opened with, without a page.</param>
    /// <param name="staged">The caller disposes of it.</param>
    public bool TryTake(
        long id, [NotNullWhen(true)] out PagedWriteRequest? request, [NotNullWhen(true)] out StagedValue? staged)
    {
        lock (_lock)
        {
            request = null;
            staged = null;
            if (!_transfers.TryGetValue(id, out Transfer? transfer) || transfer.Staged?.IsWhole != true)
            {
                return false;
            }

            _transfers.Remove(id);
            request = transfer.Request!;
            staged = transfer.Staged;
            return true;
        }
    }

    public void Close(long id)
    {
        lock (_lock)
        {
            if (_transfers.Remove(id, out Transfer? transfer))
            {
                transfer.Dispose();
            }
        }
    }

    // Where the shard has a replica, the answer waits until that has the value.
    private async ValueTask<PagedWriteReply> ConfirmAsync(int shard, PagedWriteReply reply)
    {
        if (reply.Status != CacheStatus.Success || !waits.HasToWait(shard))
        {
            return reply;
        }

        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        waits.Wait(shard, done.SetResult);
        return await done.Task ? reply : new PagedWriteReply(CacheStatus.Unknown, 0, 0);
    }

    internal PagedWriteReply OpenWrite(PagedWriteRequest request)
    {
        ReadOnlySpan<byte> key = request.Key.Span;
        int shard = ShardHash.ShardOf(key, registry.ShardCount);
        PutOptions options = OptionsOf(request);
        if (!registry.Store.IsOpen(shard))
        {
            return new PagedWriteReply(CacheStatus.NotOwner, 0, 0);
        }

        if (request.Length < 0 || request.Length > registry.Store.Options.MaxValueBytes)
        {
            return new PagedWriteReply(CacheStatus.TooLarge, 0, 0);
        }

        if (request.Page.Length == request.Length)
        {
            StoreResult result = registry.Store.Put(shard, key, request.Page.Span, options, out PutOutcome outcome);
            return new PagedWriteReply(StoreOutcome.StatusOf(result), 0, outcome.Cas, outcome.ValueLength);
        }

        StagedValue staged = registry.Store.Stage(key, request.Length, options);
        var transfer = new Transfer { Staged = staged, Request = request with { Page = default }, Shard = shard };
        if (request.Page.Length > request.Length || !staged.TryWrite(request.Page.Span) || !TryKeep(transfer, out long id))
        {
            staged.Dispose();
            return new PagedWriteReply(CacheStatus.NoRoom, 0, 0);
        }

        return new PagedWriteReply(CacheStatus.Continue, id, 0);
    }

    internal PagedWriteReply WritePage(long id, int offset, WireBytes page)
    {
        if (Use(id) is not { Staged: { } staged } transfer
            || offset != staged.Written
            || page.Memory.Length > staged.Length - offset)
        {
            return new PagedWriteReply(CacheStatus.UnknownTransfer, 0, 0);
        }

        if (!staged.TryWrite(page.Memory.Span))
        {
            Close(id);
            return new PagedWriteReply(CacheStatus.NoRoom, 0, 0);
        }

        if (!staged.IsWhole)
        {
            return new PagedWriteReply(CacheStatus.Continue, id, 0);
        }

        PagedWriteRequest request = transfer.Request!;
        StoreResult result = registry.Store.Commit(
            transfer.Shard, staged, OptionsOf(request), out PutOutcome outcome);
        if (result != StoreResult.NotOpen)
        {
            Close(id);
        }

        return new PagedWriteReply(StoreOutcome.StatusOf(result), 0, outcome.Cas, outcome.ValueLength);
    }

    private static PutOptions OptionsOf(PagedWriteRequest request) => request.Options is { } options
        ? StoreOptionsOf.Put(options, request.Flags, request.Expiration, request.Window)
        : new PutOptions
        {
            Mode = LocalOperations.ModeOf(request.Operation),
            Flags = request.Flags,
            Expiration = new Expiration(request.Expiration).Sliding(request.Window),
            Compare = request.Cas,
        };

    private StoreResult Read(PagedReadRequest request, ref PageSink sink)
    {
        ReadOnlySpan<byte> key = request.Key.Span;
        int shard = ShardHash.ShardOf(key, registry.ShardCount);
        if (request.Options is { } options)
        {
            return registry.Store.Read(shard, key, StoreOptionsOf.Read(options, request.Expiration ?? 0), ref sink);
        }

        return request.Expiration is { } expiration
            ? registry.Store.GetAndTouch(shard, key, new Expiration(expiration), ref sink)
            : registry.Store.Get(shard, key, ref sink);
    }

    private bool TryKeep(Transfer transfer, out long id)
    {
        lock (_lock)
        {
            DropIdle_NeedsLock();
            id = 0;
            if (_transfers.Count == MaxTransfers)
            {
                return false;
            }

            transfer.LastUsed = time.GetTimestamp();
            id = ++_last;
            _transfers.Add(id, transfer);
            return true;
        }
    }

    private Transfer? Use(long id)
    {
        lock (_lock)
        {
            if (_transfers.TryGetValue(id, out Transfer? transfer))
            {
                transfer.LastUsed = time.GetTimestamp();
            }

            return transfer;
        }
    }

    private void DropIdle_NeedsLock()
    {
        foreach ((long id, Transfer transfer) in _transfers)
        {
            if (time.GetElapsedTime(transfer.LastUsed) > IdleTime)
            {
                _transfers.Remove(id);
                transfer.Dispose();
            }
        }
    }
}
