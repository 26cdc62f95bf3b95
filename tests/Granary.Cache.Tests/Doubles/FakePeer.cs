using System.Collections.Concurrent;
using System.Text;
using Granary.Cache.Routing;
using Granary.Cache.Services;
using Granary.Relaying;
using Granary.Reports;
using Granary.Shards;
using Granary.Store;
using Granary.Wire;

namespace Granary.Cache.Tests.Doubles;

/// <summary>
/// Another silo, or a shard's grain: executes batches on a store of its own, or answers as it is told. Thread-safe.
/// </summary>
internal sealed class FakePeer(SiloAddress address, CacheStore? store = null) : ICacheSiloService, ICacheShardGrain
{
    private readonly ConcurrentQueue<string[]> _batches = new();
    private readonly ConcurrentQueue<(SiloAddress Target, RelayedCall Call)> _relayed = new();

    /// <summary>The operations of each batch that has come, like <c>Get key</c>.</summary>
    public string[][] Batches => [.. _batches];

    /// <summary>Calls that it was to pass on.</summary>
    public (SiloAddress Target, RelayedCall Call)[] Relayed => [.. _relayed];

    /// <summary>Called with a batch's number, from 0 on, before it is executed.</summary>
    public Func<int, Task>? BeforeExecute { get; set; }

    /// <summary>Called with a batch's number, from 0 on, when it was executed and before it is answered.</summary>
    public Func<int, Task>? AfterExecute { get; set; }

    /// <summary>Whether a silo is a member; by default this one confirms nobody.</summary>
    public Func<SiloAddress, bool>? Confirm { get; set; }

    /// <summary>What it answers a silo that leaves.</summary>
    public Func<SiloAddress, SiloAddress[]>? Drain { get; set; }

    /// <summary>Where the shard is, by the directory.</summary>
    public Func<SiloAddress>? Locate { get; set; }

    /// <summary>What it tells of changes; by default it does not.</summary>
    public Func<WatchRequest, ValueTask<WatchReply>>? Watch { get; set; }

    /// <summary>Long values of its store.</summary>
    public TransferTable? Transfers { get; init; }

    public async ValueTask<WireBytes> ExecuteAsync(WireBytes batch)
    {
        int number = Record(batch.Memory.Span);
        if (BeforeExecute is { } before)
        {
            await before(number);
        }

        byte[] reply = Execute(batch.Memory.Span);
        if (AfterExecute is { } after)
        {
            await after(number);
        }

        return new WireBytes(reply);
    }

    public ValueTask<bool> ConfirmAsync(SiloAddress silo, ClockReading clocks) => new(Confirm?.Invoke(silo) ?? false);

    public ValueTask<SiloAddress[]> DrainAsync(SiloAddress silo) => new(Drain?.Invoke(silo) ?? [silo]);

    public ValueTask<SiloDescription> DescribeAsync() => new(new SiloDescription(Describe(address), 1, TestStore.MaxValueBytes));

    public ValueTask<ScanReply> ScanAsync(ScanRequest request) => throw new NotSupportedException();

    public ValueTask<ServedSilo> LocateAsync() => new(Describe(Locate!()));

    public ValueTask EnsureActiveAsync() => throw new NotSupportedException();

    public ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request) => new(Known().OpenRead(request));

    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) => new(Known().ReadPage(transfer, offset));

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) => Known().OpenWriteAsync(request);

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        Known().WritePageAsync(transfer, offset, page);

    public ValueTask CloseTransferAsync(long transfer)
    {
        Known().Close(transfer);
        return default;
    }

    public ValueTask<int[]> FlushAsync(long atUnixMilliseconds) => throw new NotSupportedException();

    public ValueTask<WatchReply> WatchAsync(WatchRequest request) => Watch?.Invoke(request) ?? throw new NotSupportedException();

    public ValueTask<int[]> DropTagsAsync(ulong[] tags) => throw new NotSupportedException();

    public ValueTask<int[]> DropPrefixAsync(byte[] prefix) => new(store!.Namespaces.Drop(0, prefix) ? [0] : []);

    public ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry) => throw new NotSupportedException();

    public ValueTask<ShardAnnouncementReply> AnnounceAsync(ShardAnnouncement announcement) =>
        throw new NotSupportedException();

    public ValueTask<CopyBatchReply> CopyAsync(CopyBatch batch) =>
        batch.Steps.Length == 0 ? new(new CopyBatchReply([])) : throw new NotSupportedException();

    public ValueTask<bool> HearsAsync(SiloAddress silo) => throw new NotSupportedException();

    public ValueTask<object?> RelayAsync(SiloAddress target, RelayedCall call)
    {
        _relayed.Enqueue((target, call));
        return new(call switch
        {
            RelayedCall.Execute => new WireBytes(ReadOnlyMemory<byte>.Empty),
            RelayedCall.Copy => new CopyBatchReply([]),
            _ => null,
        });
    }

    public ValueTask<SiloStatistics> GetStatisticsAsync() => throw new NotSupportedException();

    public ValueTask<SiloReport> ReportAsync(ReportParts parts) => throw new NotSupportedException();

    public ValueTask LeaveAsync() => throw new NotSupportedException();

    private static ServedSilo Describe(SiloAddress silo) => new()
    {
        Name = FakeMembership.NameOf(silo),
        Address = silo,
        Gateway = null,
        Draining = false,
        Service = null,
    };

    private TransferTable Known() => Transfers ?? throw new NotSupportedException();

    private int Record(ReadOnlySpan<byte> batch)
    {
        var operations = new List<string>();
        var reader = new BatchReader(batch);
        while (reader.TryRead(out PackedOperation operation))
        {
            operations.Add($"{operation.Operation} {Encoding.UTF8.GetString(operation.Key)}");
        }

        lock (_batches)
        {
            _batches.Enqueue([.. operations]);
            return _batches.Count - 1;
        }
    }

    private byte[] Execute(ReadOnlySpan<byte> batch)
    {
        var writer = new ReplyWriter();
        var reader = new BatchReader(batch);
        while (reader.TryRead(out PackedOperation operation))
        {
            if (store is null || !LocalOperations.TryExecute(store, operation, writer, reader.Remaining))
            {
                writer.Add(CacheStatus.NotOwner);
            }
        }

        return writer.ToArray(0);
    }
}
