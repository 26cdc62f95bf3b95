using System.Diagnostics;

namespace Granary.Queues.Partitions;

/// <summary>
/// The messages of a partition by state, and the moves between states. Knows no clock and writes nothing. A message is
/// either in <see cref="ReadyRanges"/> or has one entry; an entry is in exactly the structure of its state.
/// </summary>
internal sealed class MessageTable
{
    private readonly Dictionary<long, MessageEntry> _entries = [];
    private readonly ReadyRanges _ranges = new();
    private readonly SortedSet<MessageEntry> _ready = new(OffsetOrder.Instance); // deliverable now
    private readonly SortedSet<MessageEntry> _dead = new(OffsetOrder.Instance);
    private readonly SortedSet<MessageEntry> _failing = new(OffsetOrder.Instance); // besides in what their states have
    private readonly Dictionary<string, GroupGate> _groups = new(StringComparer.Ordinal);
    private readonly long[] _counts = new long[(int)MessageState.Dead + 1];

    /// <summary>By due time.</summary>
    public DeadlineHeap Delayed { get; } = new();

    /// <summary>By the end of the lease.</summary>
    public DeadlineHeap Leased { get; } = new();

    public ReadyRanges Ranges => _ranges;

    public IReadOnlyCollection<MessageEntry> Entries => _entries.Values;

    public IReadOnlyCollection<MessageEntry> Dead => _dead;

    /// <summary>Those that have failed since they were sent or redriven, and are ready, delayed or leased.</summary>
    public IReadOnlyCollection<MessageEntry> Failing => _failing;

    public long Count(MessageState state) => _counts[(int)state] + (state == MessageState.Ready ? _ranges.Count : 0);

    /// <summary>All but the dead.</summary>
    public long Length => _ranges.Count + _counts.Sum() - _counts[(int)MessageState.Dead];

    public void Add(ReadyRange range) => _ranges.Append(range);

    /// <summary>A message with a group or a due time.</summary>
    public void Add(MessageEntry entry)
    {
        _entries.Add(entry.Offset, entry);
        Enter(entry, entry.DueAt > 0 ? MessageState.Delayed : MessageState.Ready);
    }

    /// <summary>The message's entry; made of a range's message if that is what it is.</summary>
    public MessageEntry? Find(long offset, bool make)
    {
        if (_entries.TryGetValue(offset, out MessageEntry? entry) || !make || !_ranges.TryTake(offset, out ReadyRange one))
        {
            return entry;
        }

        return Promote(one);
    }

    /// <summary>What would be leased next: of ranges and entries the lower offset. Null if nothing is ready.</summary>
    /// <param name="expiresAt">When it expires.</param>
    public long? PeekReady(out long expiresAt)
    {
        MessageEntry? entry = _ready.Min;
        bool fromRange = !_ranges.IsEmpty && (entry is null || _ranges.Head.First < entry.Offset);
        expiresAt = fromRange ? _ranges.Head.ExpiresAt : entry?.ExpiresAt ?? 0;
        return fromRange ? _ranges.Head.First : entry?.Offset;
    }

    /// <summary>
    /// Unix milliseconds, when the oldest that is ready was sent, or due; 0 if nothing is. Takes a step for each group.
    /// </summary>
    public long OldestReadyAt => ReadySince().DefaultIfEmpty().Min();

    /// <summary>Takes what <see cref="PeekReady"/> told, as an entry.</summary>
    public MessageEntry TakeReady()
    {
        MessageEntry? entry = _ready.Min;
        return !_ranges.IsEmpty && (entry is null || _ranges.Head.First < entry.Offset)
            ? Promote(_ranges.TakeFirst())
            : entry!;
    }

    /// <summary>Moves the entry to another state. Its group's holder stays the holder while it is to be tried again.</summary>
    public void Move(MessageEntry entry, MessageState state)
    {
        Leave(entry);
        if (state is MessageState.Deferred or MessageState.Dead)
        {
            LeaveGroup(entry);
        }

        Enter(entry, state);
    }

    /// <summary>The lease's end changed.</summary>
    public void Extend(MessageEntry entry, long until)
    {
        Leased.Remove(entry);
        entry.LeaseUntil = until;
        Leased.Add(entry);
    }

    public bool Remove(long offset)
    {
        if (!_entries.Remove(offset, out MessageEntry? entry))
        {
            return _ranges.TryTake(offset, out _);
        }

        Leave(entry);
        LeaveGroup(entry);
        return true;
    }

    /// <summary>Removes all messages, whatever their state.</summary>
    public void Clear()
    {
        foreach (long offset in _entries.Keys.ToArray())
        {
            Remove(offset);
        }

        _ranges.Clear();
    }

    public bool HoldsGroup(MessageEntry entry) =>
        entry.Group is not null && _groups.TryGetValue(entry.Group, out GroupGate? gate) && gate.Holder == entry;

    /// <summary>Adds an entry as a snapshot has it.</summary>
    public void Restore(MessageEntry entry, bool holdsGroup)
    {
        _entries.Add(entry.Offset, entry);
        if (holdsGroup)
        {
            GateOf(entry.Group!).Holder = entry;
        }

        Enter(entry, entry.State);
    }

    /// <summary>Where the log is needed: offsets of all messages, as sorted runs.</summary>
    public IEnumerable<(long First, long End)> LiveRuns()
    {
        List<(long First, long End)> runs = [.. _ranges.All().Select(range => (range.First, range.End))];
        runs.AddRange(_entries.Keys.Select(offset => (offset, offset + 1)));
        runs.Sort();
        return runs;
    }

    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        Debug.Assert(_counts.Sum() == _entries.Count, "Every entry is counted in one state.");
        Debug.Assert(Delayed.All.Count == Count(MessageState.Delayed), "The delayed are in their heap.");
        Debug.Assert(Leased.All.Count == Count(MessageState.Leased), "The leased are in their heap.");
        Debug.Assert(_dead.Count == Count(MessageState.Dead), "The dead are in their set.");
        Debug.Assert(_entries.Keys.All(offset => !_ranges.Contains(offset)), "No message is in two places.");
        Debug.Assert(
            _ready.Count + _groups.Values.Sum(gate => gate.Waiting.Count) == _counts[(int)MessageState.Ready],
            "Who is ready is deliverable or waits for its group.");
        Debug.Assert(_failing.SetEquals(_entries.Values.Where(IsFailing)), "The failing are in their set.");
        Debug.Assert(_groups.Values.All(gate => gate.Holder is not null), "A group without a holder is forgotten.");
    }

    // Of what is in the order of its offsets the first.
    private IEnumerable<long> ReadySince()
    {
        if (!_ranges.IsEmpty)
        {
            yield return _ranges.Head.EnqueuedAt;
        }

        foreach (MessageEntry? first in _groups.Values.Select(static gate => gate.Waiting.Min).Append(_ready.Min))
        {
            if (first is not null)
            {
                yield return Math.Max(first.EnqueuedAt, first.DueAt);
            }
        }
    }

    private static bool IsFailing(MessageEntry entry) =>
        entry is { Deliveries: > 0, State: MessageState.Ready or MessageState.Delayed or MessageState.Leased };

    private MessageEntry Promote(ReadyRange one)
    {
        MessageEntry entry = new(one.First) { EnqueuedAt = one.EnqueuedAt, ExpiresAt = one.ExpiresAt };
        _entries.Add(entry.Offset, entry);
        Enter(entry, MessageState.Ready);
        return entry;
    }

    private void Enter(MessageEntry entry, MessageState state)
    {
        entry.State = state;
        _counts[(int)state]++;
        if (IsFailing(entry))
        {
            _failing.Add(entry);
        }

        switch (state)
        {
            case MessageState.Ready when entry.Group is not null:
                GroupGate gate = GateOf(entry.Group);
                gate.Holder ??= entry;
                GiveWay(gate, entry);
                (gate.Holder == entry ? _ready : gate.Waiting).Add(entry);
                break;
            case MessageState.Ready:
                _ready.Add(entry);
                break;
            case MessageState.Delayed:
                Delayed.Add(entry);
                break;
            case MessageState.Leased:
                Leased.Add(entry);
                break;
            case MessageState.Dead:
                _dead.Add(entry);
                break;
        }
    }

    // One that came first but was due later, or was redriven, goes before a holder that nobody has had yet.
    private void GiveWay(GroupGate gate, MessageEntry to)
    {
        if (gate.Holder is { State: MessageState.Ready, Acquired: 0 } holder && to.Offset < holder.Offset)
        {
            _ready.Remove(holder);
            gate.Waiting.Add(holder);
            gate.Holder = to;
        }
    }

    private void Leave(MessageEntry entry)
    {
        _counts[(int)entry.State]--;
        _failing.Remove(entry);
        switch (entry.State)
        {
            case MessageState.Ready when !_ready.Remove(entry):
                _groups[entry.Group!].Waiting.Remove(entry);
                break;
            case MessageState.Delayed:
                Delayed.Remove(entry);
                break;
            case MessageState.Leased:
                Leased.Remove(entry);
                break;
            case MessageState.Dead:
                _dead.Remove(entry);
                break;
        }
    }

    private void LeaveGroup(MessageEntry entry)
    {
        if (!HoldsGroup(entry))
        {
            return;
        }

        GroupGate gate = _groups[entry.Group!];
        gate.Holder = gate.Waiting.Min;
        if (gate.Holder is null)
        {
            _groups.Remove(entry.Group!);
            return;
        }

        gate.Waiting.Remove(gate.Holder);
        _ready.Add(gate.Holder);
    }

    private GroupGate GateOf(string group)
    {
        if (!_groups.TryGetValue(group, out GroupGate? gate))
        {
            _groups.Add(group, gate = new GroupGate());
        }

        return gate;
    }
}
