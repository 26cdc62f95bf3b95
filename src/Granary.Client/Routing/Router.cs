using System.Buffers;
using Granary.Client.Merging;
using Granary.Client.Values;
using Granary.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Client.Routing;

// Brings every operation to the link of its key's owner, and again if it was not applied:
//
//   call -> owner's link, if there is a map and room          (the usual way: no task, no copy but into the batch)
//        -> packed aside -> waits for map or room -> placed   (Admit)
//   not applied -> packed aside -> pause, map -> placed       (Retry)
//
// What is packed aside is a LinkBatch like any other, so there is one way to place operations and one copy of their
// bytes.

/// <summary>Routes operations to links, and repeats them until their deadlines. Thread-safe.</summary>
internal sealed class Router : ILinkOwner, IGatewaySource, IDisposable
{
    // A silo whose message failed is left alone this long; then one message tries it again.
    private static readonly TimeSpan SuspectTime = TimeSpan.FromSeconds(1);

    // No answer for this long is suspicious; a silo that collects garbage is back earlier.
    private static readonly TimeSpan PatientTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastViewRefresh = TimeSpan.FromMilliseconds(200);

    private readonly MapSource _maps;
    private readonly GranaryClientOptions _options;
    private readonly Deadlines _deadlines;
    private readonly ILogger<Router> _logger;
    private readonly Backoff _backoff = new(new Random());
    private readonly PagedTransfers _paged;
    private readonly RoomSignal _room = new();
    private readonly ITimer _sweep;
    private readonly ITimer _refresh;
    private Dictionary<Orleans.Runtime.SiloAddress, SiloLink> _links = [];
    private volatile RouteTable? _table;
    private long _asideBytes;
    private long _nextViewRefresh;

    public Router(
        IClusterAccess cluster,
        MapSource maps,
        IOptions<GranaryClientOptions> options,
        TimeProvider timeProvider,
        ILogger<Router> logger)
    {
        _maps = maps;
        _options = options.Value;
        _logger = logger;
        _deadlines = new Deadlines(timeProvider, _options.OperationTimeout);
        _paged = new PagedTransfers(this, cluster, _backoff, _deadlines, _options.MaxPagedTransfers);
        _maps.Taken += Apply;
        TimeSpan sweepPeriod = TimeSpan.FromMilliseconds(
            Math.Clamp(_options.OperationTimeout.TotalMilliseconds / 20, 10, 500));
        _sweep = timeProvider.CreateTimer(static router => ((Router)router!).Sweep(), this, sweepPeriod, sweepPeriod);
        _refresh = timeProvider.CreateTimer(
            static router => _ = ((Router)router!).RefreshIfUsedAsync(),
            this,
            _options.MapRefreshInterval,
            _options.MapRefreshInterval);
    }

    public long ViewVersion => _table?.Map.ViewVersion ?? 0;

    /// <summary>The silos' limit for one value, or no limit while it is not known. Bytes.</summary>
    public int MaxValueBytes => _table?.Map.MaxValueBytes ?? int.MaxValue;

    public RouteTable? Table => _table;

    public Deadlines Deadlines => _deadlines;

    /// <summary>Fetches the map, for the gateways in it; from then on it is kept fresh.</summary>
    public void RefreshMap() => _ = _maps.RefreshAsync();

    void IGatewaySource.Refresh() => RefreshMap();

    public void Dispose()
    {
        _sweep.Dispose();
        _refresh.Dispose();
        _paged.Dispose();
    }

    /// <summary>Sends one operation of a call that has one.</summary>
    public void Submit(PendingOperation target, in PackedOperation operation)
    {
        if (_table is { } table && !target.IsCompleted)
        {
            int index = table.LinkIndex(operation.Key, _deadlines.BeginOf(target.Deadline));
            if (index >= 0 && HasRoom(table.Links[index]))
            {
                table.Links[index].Add(target, slot: 0, attempt: 0, operation);
                return;
            }
        }

        var aside = LinkBatch.Rent();
        aside.Add(target, slot: 0, attempt: 0, operation);
        _ = AdmitAsync(aside);
    }

    /// <summary>Sends the reads of a call, those for one silo together.</summary>
    /// <param name="target">The call; a slot per key.</param>
    /// <param name="keys">At most <see cref="WireLimits.MaxBatchOperations"/> keys.</param>
    /// <param name="order">Gets the index of each slot's key.</param>
    public void SubmitGets(PendingOperation target, ReadOnlySpan<CacheKey> keys, Span<int> order)
    {
        if (_table is not { } table || target.IsCompleted || !HasRoom(table))
        {
            SubmitGetsAside(target, keys, order);
            return;
        }

        int[] rented = ArrayPool<int>.Shared.Rent(keys.Length);
        Span<int> linkOf = rented.AsSpan(0, keys.Length);
        Span<byte> scratch = stackalloc byte[WireLimits.MaxKeyBytes];
        long now = _deadlines.BeginOf(target.Deadline);
        for (int i = 0; i < keys.Length; i++)
        {
            linkOf[i] = table.LinkIndex(keys[i].AsSpan(scratch), now);
        }

        int slot = 0;
        for (int first = 0; first < keys.Length; first++)
        {
            int link = linkOf[first];
            if (link < 0)
            {
                continue; // went with an earlier key
            }

            using SiloLink.Session session = table.Links[link].Open();
            for (int i = first; i < keys.Length; i++)
            {
                if (linkOf[i] == link)
                {
                    linkOf[i] = -1;
                    order[slot] = i;
                    var get = new PackedOperation { Operation = CacheOperation.Get, Key = keys[i].AsSpan(scratch) };
                    session.Add(target, slot++, attempt: 0, get);
                }
            }
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Sends packed operations; the batch is the router's from now on.</summary>
    public void Submit(LinkBatch operations)
    {
        operations.Pack(viewVersion: 0);
        if (_table is { } table && HasRoom(table))
        {
            Place(operations);
        }
        else
        {
            _ = AdmitAsync(operations);
        }
    }

    /// <summary>Stores a value by pages and answers the call with the outcome.</summary>
    /// <param name="target">The call.</param>
    /// <param name="request">The operation; its page is ignored.</param>
    /// <param name="value">Left alone by the caller until the call ends.</param>
    public void WritePages(PendingOperation target, PagedWriteRequest request, ReadOnlyMemory<byte> value) =>
        _ = AnswerAsync(target, slot: 0, _paged.WriteAsync(target, request, value));

    public void ReadPages(PendingOperation target, int slot, byte[] key, long? expiration) =>
        _ = AnswerAsync(target, slot, _paged.ReadAsync(target, key, expiration));

    public void OnReply(long viewVersion)
    {
        if (viewVersion <= ViewVersion && _table?.Map.Displaced is not { Length: > 0 })
        {
            return;
        }

        // Silos learn of a change one after another: one that lags may serve the map, so not at every reply. Shards that
        // are to move do so in the next seconds.
        long now = _deadlines.Now;
        long next = Volatile.Read(ref _nextViewRefresh);
        long after = _deadlines.After(LeastViewRefresh);
        if (now >= next && Interlocked.CompareExchange(ref _nextViewRefresh, after, next) == next)
        {
            _ = _maps.RefreshAsync();
        }
    }

    public void OnRoom() => _room.Set();

    public void OnFailure(SiloLink link, Exception error)
    {
        _deadlines.LastFailure = error;
        link.SuspectUntil = _deadlines.After(SuspectTime);
        Log.MessageFailed(_logger, link.Name, error);
    }

    public void Redispatch(LinkBatch operations, bool refresh)
    {
        operations.Pack(viewVersion: 0);
        if (refresh)
        {
            _ = RetryAsync(operations);
        }
        else
        {
            Place(operations);
        }
    }

    /// <summary>Waits until there is a map with a silo that can be reached.</summary>
    /// <exception cref="GranaryUnavailableException">There was none until the deadline.</exception>
    public async ValueTask<RouteTable> TableAsync(long deadline)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (_table is { } table && table.Links.Length > 0)
            {
                return table;
            }

            await _deadlines.WaitAsync(_maps.RefreshAsync(), deadline).ConfigureAwait(false);
            if (_table is null || _table.Links.Length == 0)
            {
                _deadlines.LastFailure = _maps.LastError ?? _deadlines.LastFailure;
                await _deadlines.PauseAsync(_backoff.Before(attempt), deadline).ConfigureAwait(false);
            }
        }
    }

    private bool HasRoom(SiloLink link) =>
        link.HasRoom && Volatile.Read(ref _asideBytes) < _options.MaxWaitingBytesPerSilo;

    private bool HasRoom(RouteTable table) =>
        table.AllHaveRoom && Volatile.Read(ref _asideBytes) < _options.MaxWaitingBytesPerSilo;

    private void SubmitGetsAside(PendingOperation target, ReadOnlySpan<CacheKey> keys, Span<int> order)
    {
        Span<byte> scratch = stackalloc byte[WireLimits.MaxKeyBytes];
        var full = new List<LinkBatch>();
        var aside = LinkBatch.Rent();
        for (int i = 0; i < keys.Length; i++)
        {
            order[i] = i;
            if (!aside.Writer.Fits(keys[i].Length, 0))
            {
                full.Add(aside);
                aside = LinkBatch.Rent();
            }

            var get = new PackedOperation { Operation = CacheOperation.Get, Key = keys[i].AsSpan(scratch) };
            aside.Add(target, slot: i, attempt: 0, get);
        }

        full.Add(aside);
        foreach (LinkBatch batch in full)
        {
            _ = AdmitAsync(batch);
        }
    }

    // New operations wait here until there are a map and room.
    private async Task AdmitAsync(LinkBatch operations)
    {
        operations.Pack(viewVersion: 0);
        long deadline = Placement.EarliestDeadline(operations);
        try
        {
            RouteTable table = await TableAsync(deadline).ConfigureAwait(false);
            while (!HasRoomFor(operations, table))
            {
                Task room = _room.NextAsync();
                if (HasRoomFor(operations, table))
                {
                    break;
                }

                await _deadlines.WaitAsync(room, deadline).ConfigureAwait(false);
                table = await TableAsync(deadline).ConfigureAwait(false);
            }
        }
        catch (GranaryUnavailableException)
        {
            // Their time is over, as Place finds too.
        }

        Place(operations);
    }

    private bool HasRoomFor(LinkBatch operations, RouteTable table)
    {
        var reader = new BatchReader(operations.Message.Span);
        long now = _deadlines.Now;
        while (reader.TryRead(out PackedOperation operation))
        {
            int index = table.LinkIndex(operation.Key, now);
            if (index < 0 || !HasRoom(table.Links[index]))
            {
                return false;
            }
        }

        return true;
    }

    // Operations that were not applied wait a little, while the map is fetched, and are placed again.
    private async Task RetryAsync(LinkBatch operations)
    {
        int bytes = operations.OperationBytes;
        Interlocked.Add(ref _asideBytes, bytes);
        _ = _maps.RefreshAsync();
        try
        {
            TimeSpan pause = _backoff.Before(Placement.HighestAttempt(operations));
            await _deadlines.PauseAsync(pause, Placement.EarliestDeadline(operations)).ConfigureAwait(false);
        }
        catch (GranaryUnavailableException)
        {
            // Their time is over, as Place finds too.
        }

        Interlocked.Add(ref _asideBytes, -bytes);
        OnRoom();
        Place(operations);
    }

    private void Place(LinkBatch operations)
    {
        LinkBatch? later = Placement.Place(operations, _table, _deadlines);
        if (later is not null)
        {
            Redispatch(later, refresh: true);
        }
    }

    private static async Task AnswerAsync(PendingOperation target, int slot, Task<OperationReply> transfer)
    {
        try
        {
            target.Answer(slot, await transfer.ConfigureAwait(false));
        }
        catch (Exception error) // the edge: one transfer
        {
            target.Fail(error);
        }

        target.Answered(1);
    }

    private void Apply(ServedMap map)
    {
        Dictionary<Orleans.Runtime.SiloAddress, SiloLink> before = _links;
        var links = new Dictionary<Orleans.Runtime.SiloAddress, SiloLink>();
        _table = new RouteTable(
            map, _table, silo => links[silo.Address] = before.GetValueOrDefault(silo.Address) ?? NewLink(silo));
        Volatile.Write(ref _links, links);
        foreach ((Orleans.Runtime.SiloAddress address, SiloLink link) in before)
        {
            if (!links.ContainsKey(address))
            {
                link.HandOver();
            }
        }
    }

    private SiloLink NewLink(ServedSilo silo) => new(
        silo.Name, silo.Service!, this, _options.MessagesInFlightPerSilo, _options.MaxWaitingBytesPerSilo);

    // A link that is in use no more is not swept: its messages end by their own response timeout.
    private void Sweep()
    {
        long now = _deadlines.Now;
        foreach (SiloLink link in Volatile.Read(ref _links).Values)
        {
            link.Expire(now);
            if (link.HasMessageFromBefore(_deadlines.Before(PatientTime)))
            {
                Distrust(link);
            }
        }
    }

    // Orleans tells of a dead silo only by the response timeout: what was not sent yet need not wait for that.
    private void Distrust(SiloLink link)
    {
        link.SuspectUntil = _deadlines.After(SuspectTime);
        _ = _maps.RefreshAsync();
        if (Table?.Links.Length > 1)
        {
            link.HandOver();
        }
    }

    private Task RefreshIfUsedAsync() => _table is null ? Task.CompletedTask : _maps.RefreshAsync();
}
