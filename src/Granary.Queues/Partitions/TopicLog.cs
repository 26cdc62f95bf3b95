using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>
/// What a topic's partition knows of the messages it keeps: not each, but stretches of them, and who needs which. One
/// thread. It is a part of the partition's history.
/// </summary>
internal sealed class TopicLog
{
    private const int Stretches = 1000; // of what is retained, about: it ends as exactly as that

    private static readonly OffsetRange[] Nothing = [];

    private readonly List<Stretch> _stretches = [];
    private readonly Dictionary<Guid, (long Epoch, OffsetRange[] Offsets)> _needed = [];

    private TopicOptions _options = new();
    private HashSet<Guid> _there = [];

    // Messages sent within a time, and their bytes.
    private record struct Stretch(long First, long End, long FirstAt, long LastAt, long Bytes);

    /// <summary>Where the first message was sent that may still be there; the log's end if there is none.</summary>
    public long FirstOffset(long nextOffset) => _stretches.Count > 0 ? _stretches[0].First : nextOffset;

    /// <summary>Messages from the first that a subscription has not done with on, about; those dead-lettered not counted.</summary>
    public long Unfinished(long nextOffset) => Needed.Select(offsets => nextOffset - OpenEnd(offsets)).DefaultIfEmpty(0).Max();

    public void Add(StoredMessage sent)
    {
        long bytes = sent.Body.Length + sent.Headers.Length;
        if (_stretches.Count > 0 && _stretches[^1] is var last && !IsFull(last, sent.EnqueuedAt))
        {
            _stretches[^1] = last with
            {
                End = sent.Offset + 1,
                LastAt = Math.Max(last.LastAt, sent.EnqueuedAt),
                Bytes = last.Bytes + bytes,
            };
            return;
        }

        _stretches.Add(new Stretch(sent.Offset, sent.Offset + 1, sent.EnqueuedAt, sent.EnqueuedAt, bytes));
    }

    // Of those that subscribe. Others are not forgotten at once: a definition may be older than the next one.
    private IEnumerable<OffsetRange[]> Needed => _needed.Where(one => _there.Contains(one.Key)).Select(static one => one.Value.Offsets);

    /// <summary>How long what nobody needs is kept, and who subscribes: what others needed is needed no more.</summary>
    public void Set(QueueDefinition definition)
    {
        _options = definition.Topic ?? _options;
        _there = [.. definition.Subscriptions.Select(static one => one.Creation)];
    }

    /// <summary>Whether something is kept for a subscription.</summary>
    public bool IsRegistered(Guid subscription) => _needed.ContainsKey(subscription);

    /// <summary>A subscription says what it needs. An owner that was replaced is not listened to, nor one that is not registered.</summary>
    public void Need(TopicNeed need)
    {
        if (need.Offsets.Length > 0
            && _needed.TryGetValue(need.Subscription, out (long Epoch, OffsetRange[] Offsets) known) && need.Epoch >= known.Epoch)
        {
            _needed[need.Subscription] = (need.Epoch, need.Offsets);
        }
    }

    /// <summary>A subscription is to go on at an offset; until its owner of this epoch says so, what was needed still is.</summary>
    public void Register(FeedRecord needed)
    {
        OffsetRange[] known = _needed.TryGetValue(needed.Subscription, out (long Epoch, OffsetRange[] Offsets) one) ? one.Offsets : Nothing;
        _needed[needed.Subscription] = (
            needed.Epoch,
            [.. known.Where(range => range.First < needed.Offset)
                    .Select(range => range with { End = Math.Min(range.End, needed.Offset) }),
             new OffsetRange(needed.Offset, long.MaxValue)]);
    }

    /// <summary>The first message sent at a time or later is at this offset, or a little behind it.</summary>
    public long Find(long utc, long nextOffset)
    {
        int index = _stretches.FindIndex(one => one.LastAt >= utc);
        return index < 0 ? nextOffset : _stretches[index].First;
    }

    /// <summary>Offsets that are to be kept, as sorted runs.</summary>
    public IEnumerable<(long First, long End)> LiveRuns(long now, long nextOffset)
    {
        List<OffsetRange> runs = [.. Needed.SelectMany(static offsets => offsets)];
        runs.Add(new OffsetRange(RetainedFrom(now, nextOffset), nextOffset));
        runs.Sort(static (one, other) => one.First.CompareTo(other.First));
        long from = 0;
        foreach (OffsetRange run in runs)
        {
            long first = Math.Max(run.First, from);
            long end = Math.Min(run.End, nextOffset);
            if (end > first)
            {
                yield return (first, end);
                from = end;
            }
        }
    }

    /// <summary>Bytes of stretches that nobody needs and that are not retained.</summary>
    public long ReleasableBytes(long now, long nextOffset)
    {
        Func<Stretch, bool> isDead = DeadOutside([.. LiveRuns(now, nextOffset)]);
        return _stretches.Where(isDead).Sum(static one => one.Bytes);
    }

    /// <summary>What is not in the runs has been trimmed.</summary>
    public void Trimmed(IEnumerable<(long First, long End)> runs)
    {
        Func<Stretch, bool> isDead = DeadOutside([.. runs]);
        _stretches.RemoveAll(one => isDead(one));
    }

    public void Write(ByteWriter target)
    {
        target.WriteNumber(_stretches.Count);
        foreach (Stretch one in _stretches)
        {
            target.WriteNumber(one.First);
            target.WriteNumber(one.End);
            target.WriteNumber(one.FirstAt);
            target.WriteNumber(one.LastAt);
            target.WriteNumber(one.Bytes);
        }

        KeyValuePair<Guid, (long Epoch, OffsetRange[] Offsets)>[] needed = [.. _needed.Where(one => _there.Contains(one.Key))];
        target.WriteNumber(needed.Length);
        foreach ((Guid subscription, (long epoch, OffsetRange[] offsets)) in needed)
        {
            target.WriteGuid(subscription);
            target.WriteNumber(epoch);
            target.WriteNumber(offsets.Length);
            foreach (OffsetRange range in offsets)
            {
                target.WriteNumber(range.First);
                target.WriteNumber(range.End);
            }
        }
    }

    public void Read(ByteReader source)
    {
        for (int left = source.ReadCount(); left > 0; left--)
        {
            _stretches.Add(new Stretch(
                source.ReadNumber(), source.ReadNumber(), source.ReadNumber(), source.ReadNumber(), source.ReadNumber()));
        }

        for (int left = source.ReadCount(); left > 0; left--)
        {
            Guid subscription = source.ReadGuid();
            long epoch = source.ReadNumber();
            OffsetRange[] offsets = new OffsetRange[source.ReadCount()];
            for (int index = 0; index < offsets.Length; index++)
            {
                offsets[index] = new OffsetRange(source.ReadNumber(), source.ReadNumber());
            }

            _needed[subscription] = (epoch, offsets);
        }
    }

    private static long OpenEnd(OffsetRange[] offsets) => offsets.Length > 0 ? offsets[^1].First : long.MaxValue;

    // To be asked for stretches in their order: both are sorted.
    private static Func<Stretch, bool> DeadOutside((long First, long End)[] live)
    {
        int run = 0;
        return one =>
        {
            while (run < live.Length && live[run].End <= one.First)
            {
                run++;
            }

            return run == live.Length || live[run].First >= one.End;
        };
    }

    private bool IsFull(Stretch last, long at) =>
        at - last.FirstAt >= Math.Max(1000, (long)_options.Retention.TotalMilliseconds / Stretches)
        || last.Bytes >= Math.Max(64 << 10, _options.RetentionBytes / Stretches);

    // What is younger than the retention, but no more than its bytes; of the stretch at the limit all.
    private long RetainedFrom(long now, long nextOffset)
    {
        long bytes = 0;
        int index = _stretches.Count;
        while (index > 0
            && _stretches[index - 1].LastAt + (long)_options.Retention.TotalMilliseconds > now
            && bytes < _options.RetentionBytes)
        {
            bytes += _stretches[--index].Bytes;
        }

        return index < _stretches.Count ? _stretches[index].First : nextOffset;
    }
}
