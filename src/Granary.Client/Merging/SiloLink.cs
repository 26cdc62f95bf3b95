using Granary.Wire;

namespace Granary.Client.Merging;

// All operations for one silo leave through its link. While a message is free they leave at once; while all messages
// are under way they collect in the batch that is being filled, and leave together in the next message. So a lone
// caller waits for nobody, and under load the batches grow by themselves: there is no timer and nothing to tune.
//
//   callers -> filling -> sealed (full batches, in order) -> in flight (at most maxInFlight messages) -> replies
//
// A reply first sends the next batch and then completes its callers, who continue on the thread pool: however much they
// do, the silo has work meanwhile.
//
// Ordering: with more than one message in flight, two batches may be executed in either order. Two operations of one
// caller awaited one after the other are in order all the same, as the second is written after the first's reply.

/// <summary>Merges operations for one silo into messages. Thread-safe; calls out without its lock.</summary>
internal sealed class SiloLink
{
    private readonly Lock _lock = new();
    private readonly ILinkOwner _owner;
    private readonly ICacheSiloService _service;
    private readonly int _maxInFlight;
    private readonly int _maxWaitingBytes;
    private readonly Queue<LinkBatch> _sealed = new();
    private readonly List<LinkBatch> _inFlight = [];
    private readonly Stack<LinkBatch> _spare = new();
    private LinkBatch _filling = new();
    private int _waitingBytes;
    private long _suspectUntil;

    public SiloLink(string name, ICacheSiloService service, ILinkOwner owner, int maxInFlight, int maxWaitingBytes)
    {
        Name = name;
        _service = service;
        _owner = owner;
        _maxInFlight = maxInFlight;
        _maxWaitingBytes = maxWaitingBytes;
    }

    /// <summary>The silo's name.</summary>
    public string Name { get; }

    public ICacheSiloService Service => _service;

    /// <summary>Whether callers may add. A hint, not a lock: callers that ask at once may overshoot together.</summary>
    public bool HasRoom => Volatile.Read(ref _waitingBytes) < _maxWaitingBytes;

    /// <summary>
    /// Until when others are tried instead of this silo, because a message to it failed. 0 if it is well.
    /// </summary>
    public long SuspectUntil
    {
        get => Volatile.Read(ref _suspectUntil);
        set => Volatile.Write(ref _suspectUntil, value);
    }

    /// <summary>Adds one operation.</summary>
    public void Add(PendingOperation target, int slot, int attempt, in PackedOperation operation)
    {
        using Session session = Open();
        session.Add(target, slot, attempt, operation);
    }

    /// <summary>Adds operations together: none of them leaves before the session ends.</summary>
    public Session Open() => new(this);

    /// <summary>Fails the calls whose time is over.</summary>
    public void Expire(long now)
    {
        lock (_lock)
        {
            foreach (LinkBatch batch in _inFlight)
            {
                Expire_NeedsLock(batch, now, sent: true);
            }

            foreach (LinkBatch batch in _sealed)
            {
                Expire_NeedsLock(batch, now, sent: false);
            }

            Expire_NeedsLock(_filling, now, sent: false);
        }
    }

    /// <summary>Whether a message was sent before <paramref name="time"/> and has no reply yet.</summary>
    public bool HasMessageFromBefore(long time)
    {
        lock (_lock)
        {
            return _inFlight.Exists(batch => batch.SentAt < time);
        }
    }

    /// <summary>Hands what is waiting to the owner: the silo has left, or does not answer.</summary>
    public void HandOver()
    {
        var waiting = new List<LinkBatch>();
        lock (_lock)
        {
            waiting.AddRange(_sealed);
            waiting.Add(_filling);
            _sealed.Clear();
            _filling = new LinkBatch();
            Volatile.Write(ref _waitingBytes, 0);
        }

        foreach (LinkBatch batch in waiting)
        {
            if (batch.Writer.Count > 0)
            {
                _owner.Redispatch(batch, refresh: false);
            }
        }

        _owner.OnRoom();
    }

    private void Add_NeedsLock(PendingOperation target, int slot, int attempt, in PackedOperation operation)
    {
        if (!_filling.Writer.Fits(operation.Key.Length, operation.Value.Length))
        {
            _sealed.Enqueue(_filling);
            _filling = NewBatch_NeedsLock();
        }

        int before = _filling.OperationBytes;
        _filling.Add(target, slot, attempt, operation);
        Volatile.Write(ref _waitingBytes, _waitingBytes + _filling.OperationBytes - before);
    }

    private LinkBatch NewBatch_NeedsLock() => _spare.TryPop(out LinkBatch? spare) ? spare : new LinkBatch();

    // The next batch, if there is one and a message is free for it.
    private LinkBatch? Next_NeedsLock()
    {
        if (_inFlight.Count >= _maxInFlight)
        {
            return null;
        }

        if (!_sealed.TryDequeue(out LinkBatch? next))
        {
            if (_filling.Writer.Count == 0)
            {
                return null;
            }

            next = _filling;
            _filling = NewBatch_NeedsLock();
        }

        next.AssertInvariants();
        next.SentAt = _owner.Deadlines.Now;
        _inFlight.Add(next);
        Volatile.Write(ref _waitingBytes, _waitingBytes - next.OperationBytes);
        return next;
    }

    private void Send(LinkBatch? batch)
    {
        if (batch is null)
        {
            return;
        }

        _ = SendAsync(batch);
        _owner.OnRoom();
    }

    private async Task SendAsync(LinkBatch batch)
    {
        WireBytes reply;
        try
        {
            batch.Pack(_owner.ViewVersion);
            reply = await _service.ExecuteAsync(new WireBytes(batch.Message)).ConfigureAwait(false);
        }
        catch (Exception error) // the edge: one message
        {
            // The batch is not used again: Orleans may still hold its bytes.
            _owner.OnFailure(this, error);
            Arrived(batch);
            new Delivery(_owner, batch).Fail(error);
            return;
        }

        SuspectUntil = 0;
        Arrived(batch);
        new Delivery(_owner, batch).Answer(reply.Memory);
        Recycle(batch);
    }

    // A message is free: the next one leaves before the callers of the last are completed.
    private void Arrived(LinkBatch batch)
    {
        LinkBatch? next;
        lock (_lock)
        {
            _inFlight.Remove(batch);
            next = Next_NeedsLock();
        }

        Send(next);
    }

    private void Recycle(LinkBatch batch)
    {
        batch.Clear();
        lock (_lock)
        {
            if (_spare.Count <= _maxInFlight)
            {
                _spare.Push(batch);
            }
        }
    }

    private void Expire_NeedsLock(LinkBatch batch, long now, bool sent)
    {
        foreach (ref BatchEntry entry in batch.Entries)
        {
            PendingOperation target = entry.Target;
            if (target.Deadline <= now && !target.IsCompleted)
            {
                target.Fail(_owner.Deadlines.TimedOut(target, sent));
            }
        }
    }

    /// <summary>Holds the link's lock from its making to its disposal.</summary>
    public readonly ref struct Session
    {
        private readonly SiloLink _link;

        public Session(SiloLink link)
        {
            _link = link;
            link._lock.Enter();
        }

        public void Add(PendingOperation target, int slot, int attempt, in PackedOperation operation) =>
            _link.Add_NeedsLock(target, slot, attempt, operation);

        public void Dispose()
        {
            LinkBatch? next = _link.Next_NeedsLock();
            _link._lock.Exit();
            _link.Send(next);
        }
    }
}
