using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Granary.Relaying;
using Granary.Reports;
using Granary.Shards;
using Granary.Wire;

namespace Granary.Client.Tests.Doubles;

/// <summary>
/// The network and a silo behind it: decodes batches, executes them on a store, and answers; held or failed when the
/// test says so.
/// </summary>
internal sealed class FakeSilo(FakeStore store) : ICacheSiloService, IDisposable
{
    private readonly ConcurrentQueue<string[]> _messages = new();
    private readonly ConcurrentDictionary<long, PagedWriteRequest> _writes = new();
    private readonly ConcurrentDictionary<long, MemoryStream> _pages = new();
    private readonly ConcurrentDictionary<long, byte[]> _reads = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private long _transfers;

    /// <summary>The keys of each message that arrived.</summary>
    public IReadOnlyList<string[]> Messages => [.. _messages];

    public int LongestMessageBytes { get; private set; }

    public long ViewVersion { get; set; } = 1;

    /// <summary>Awaited before a message is executed, with its number from 0; may throw.</summary>
    public Func<int, Task>? BeforeExecute { get; set; }

    /// <summary>Awaited after a message was executed; may throw.</summary>
    public Func<int, Task>? AfterExecute { get; set; }

    /// <summary>What to answer instead of executing the operation, by its key.</summary>
    public Func<string, CacheStatus?>? Override { get; set; }

    /// <summary>Before a page call, with its name.</summary>
    public Func<string, Task>? BeforePage { get; set; }

    /// <summary>The answer to OpenWrite and OpenRead instead of executing it.</summary>
    public Func<CacheStatus?>? OverridePaged { get; set; }

    /// <summary>Whether it answers no small questions.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The answer to those who ask for changes.</summary>
    public Func<WatchRequest, ValueTask<WatchReply>>? Watch { get; set; }

    public ConcurrentQueue<string> PageCalls { get; } = new();

    public void Dispose() => _arrived.Dispose();

    public Task MessageArrivedAsync() => _arrived.WaitAsync(TestContext.Current.CancellationToken);

    public async ValueTask<WireBytes> ExecuteAsync(WireBytes batch)
    {
        int number = Record(batch.Memory);
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

    public async ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request)
    {
        await PageAsync("OpenRead");
        if (OverridePaged?.Invoke() is { } status)
        {
            return new PagedReadReply { Status = status };
        }

        FakeEntry? entry = store[Encoding.UTF8.GetString(request.Key.Span)];
        if (entry is null)
        {
            return new PagedReadReply { Status = CacheStatus.NotFound };
        }

        long transfer = Interlocked.Increment(ref _transfers);
        _reads[transfer] = entry.Value;
        return new PagedReadReply
        {
            Status = CacheStatus.Success,
            Transfer = transfer,
            Length = entry.Value.Length,
            Flags = entry.Flags,
            Cas = entry.Cas,
            Page = PageAt(entry.Value, 0),
        };
    }

    public async ValueTask<WireBytes> ReadPageAsync(long transfer, int offset)
    {
        await PageAsync("ReadPage");
        return _reads.TryGetValue(transfer, out byte[]? value) ? new WireBytes(PageAt(value, offset)) : default;
    }

    public async ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request)
    {
        await PageAsync("OpenWrite");
        if (OverridePaged?.Invoke() is { } status)
        {
            return new PagedWriteReply(status, 0, 0);
        }

        long transfer = Interlocked.Increment(ref _transfers);
        _writes[transfer] = request;
        _pages[transfer] = new MemoryStream();
        return AddPage(transfer, request.Page.Span);
    }

    public async ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page)
    {
        await PageAsync("WritePage");
        return _pages.TryGetValue(transfer, out MemoryStream? stream) && stream.Length == offset
            ? AddPage(transfer, page.Memory.Span)
            : new PagedWriteReply(CacheStatus.UnknownTransfer, transfer, 0);
    }

    public async ValueTask CloseTransferAsync(long transfer)
    {
        await PageAsync("CloseTransfer");
        Forget(transfer);
    }

    public ValueTask<int[]> FlushAsync(long atUnixMilliseconds) => throw new NotSupportedException();

    public ValueTask<int[]> DropTagsAsync(ulong[] tags) => throw new NotSupportedException();

    public ValueTask<int[]> DropPrefixAsync(byte[] prefix) => throw new NotSupportedException();

    public ValueTask<WatchReply> WatchAsync(WatchRequest request) =>
        (Watch ?? throw new NotSupportedException("This silo tells of no changes."))(request);

    public ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry) => throw new NotSupportedException();

    public ValueTask<ShardAnnouncementReply> AnnounceAsync(ShardAnnouncement announcement) =>
        throw new NotSupportedException();

    public ValueTask<CopyBatchReply> CopyAsync(CopyBatch batch) => throw new NotSupportedException();

    public ValueTask<bool> ConfirmAsync(SiloAddress silo, ClockReading clocks) => throw new NotSupportedException();

    public ValueTask<bool> HearsAsync(SiloAddress silo) => IsSilent ? new(new TaskCompletionSource<bool>().Task) : new(false);

    public ValueTask<object?> RelayAsync(SiloAddress target, RelayedCall call) => throw new NotSupportedException();

    public ValueTask<SiloAddress[]> DrainAsync(SiloAddress silo) => throw new NotSupportedException();

    public ValueTask<SiloDescription> DescribeAsync() => throw new NotSupportedException();

    public ValueTask<SiloStatistics> GetStatisticsAsync() => throw new NotSupportedException();

    public ValueTask<SiloReport> ReportAsync(ReportParts parts) => throw new NotSupportedException();

    public ValueTask LeaveAsync() => throw new NotSupportedException();

    /// <summary>Forgets the messages that arrived so far.</summary>
    public void Reset()
    {
        lock (_messages)
        {
            _messages.Clear();
            while (_arrived.Wait(0, TestContext.Current.CancellationToken))
            {
            }
        }
    }

    public void ForgetTransfers()
    {
        _pages.Clear();
        _reads.Clear();
    }

    private static ReadOnlyMemory<byte> PageAt(byte[] value, int offset) =>
        value.AsMemory(offset, Math.Min(WireLimits.PageBytes, value.Length - offset));

    private static void Add(ReplyWriter writer, CacheOperation kind, FakeReply reply)
    {
        if (kind == CacheOperation.ReadWith && reply.Status == CacheStatus.Success)
        {
            writer.AddState(new PackedReply
            {
                Status = CacheStatus.Success,
                Cas = reply.Entry!.Cas,
                Flags = reply.Entry.Flags,
                Number = reply.Number,
                State = reply.State,
                Tags = MemoryMarshal.AsBytes(reply.Tags.Span),
                Value = reply.Entry.Value,
            });
        }
        else if (reply.Status != CacheStatus.Success || kind is CacheOperation.Touch or CacheOperation.Delete)
        {
            writer.Add(reply.Status);
        }
        else if (kind is CacheOperation.Get or CacheOperation.GetAndTouch)
        {
            bool paged = reply.Entry!.Value.Length > WireLimits.MaxInlineValueBytes;
            writer.AddHit(
                paged ? CacheStatus.Paged : CacheStatus.Success,
                reply.Entry.Cas,
                reply.Entry.Flags,
                paged ? [] : reply.Entry.Value);
        }
        else if (kind is CacheOperation.Increment or CacheOperation.Decrement)
        {
            writer.AddCount(CacheStatus.Success, reply.Entry!.Cas, reply.Number);
        }
        else
        {
            writer.AddStored(CacheStatus.Success, reply.Entry!.Cas);
        }
    }

    private int Record(ReadOnlyMemory<byte> batch)
    {
        var keys = new List<string>();
        var reader = new BatchReader(batch.Span);
        while (reader.TryRead(out PackedOperation operation))
        {
            keys.Add(Encoding.UTF8.GetString(operation.Key));
        }

        lock (_messages)
        {
            _messages.Enqueue([.. keys]);
            LongestMessageBytes = Math.Max(LongestMessageBytes, batch.Length);
            _arrived.Release();
            return _messages.Count - 1;
        }
    }

    private byte[] Execute(ReadOnlySpan<byte> batch)
    {
        var writer = new ReplyWriter();
        var reader = new BatchReader(batch);
        while (reader.TryRead(out PackedOperation operation))
        {
            if (Override?.Invoke(Encoding.UTF8.GetString(operation.Key)) is { } status)
            {
                writer.Add(status);
                continue;
            }

            FakeReply reply = store.Execute(operation);
            int length = reply.Entry?.Value.Length ?? 0;
            if (length <= WireLimits.MaxInlineValueBytes && !writer.Fits(length, reader.Remaining))
            {
                writer.Add(CacheStatus.Deferred);
                continue;
            }

            Add(writer, operation.Operation, reply);
        }

        return writer.ToArray(ViewVersion);
    }

    private PagedWriteReply AddPage(long transfer, ReadOnlySpan<byte> page)
    {
        PagedWriteRequest request = _writes[transfer];
        MemoryStream stream = _pages[transfer];
        stream.Write(page);
        if (stream.Length < request.Length)
        {
            return new PagedWriteReply(CacheStatus.Continue, transfer, 0);
        }

        var operation = new PackedOperation
        {
            Operation = request.Operation,
            Key = request.Key.Span,
            Value = stream.ToArray(),
            Flags = request.Flags,
            Expiration = request.Expiration,
            Window = request.Window,
            Number = request.Cas,
        };
        FakeReply reply = store.Execute(operation);
        Forget(transfer);
        return new PagedWriteReply(reply.Status, transfer, reply.Entry?.Cas ?? 0);
    }

    private void Forget(long transfer)
    {
        _writes.TryRemove(transfer, out _);
        _pages.TryRemove(transfer, out _);
        _reads.TryRemove(transfer, out _);
    }

    private Task PageAsync(string call)
    {
        PageCalls.Enqueue(call);
        return BeforePage?.Invoke(call) ?? Task.CompletedTask;
    }
}
