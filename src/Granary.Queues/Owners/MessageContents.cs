using Granary.Queues.Logs;
using Granary.Queues.Records;

namespace Granary.Queues.Owners;

/// <summary>Messages by offset: from the cache, else from the log, with those that come after. Safe.</summary>
/// <param name="log">Where they are.</param>
/// <param name="id">The partition.</param>
/// <param name="source">Whose rows have them: its own, or of a subscription the topic's.</param>
/// <param name="epoch">Of its owner.</param>
/// <param name="exists">
/// Whether the partition has a message: one that was settled since it was asked for may be trimmed.
/// </param>
internal sealed class MessageContents(
    IPartitionLog log, PartitionId id, PartitionId source, long epoch, Func<long, bool> exists)
{
    private const int ReadBytes = 1 << 20;
    private const int CacheBytes = 8 << 20;

    // Of the newest messages, the older the less; read and written under the cache's lock.
    private const double Weight = 1.0 / 64;

    private readonly ContentCache _cache = new(CacheBytes);
    private double _meanBytes = 1024;

    public void Add(LogRow row)
    {
        lock (_cache)
        {
            _cache.Add(row);
        }
    }

    public void Add(TopicPart part)
    {
        lock (_cache)
        {
            _cache.Add(part);
        }
    }

    /// <summary>How many of the first have at most so many bytes; at least one.</summary>
    public static int CountWithin(IEnumerable<StoredMessage> messages, int maxBytes)
    {
        int count = 0;
        long bytes = 0;
        foreach (StoredMessage message in messages)
        {
            bytes += LengthOf(message);
            if (count > 0 && bytes > maxBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>The messages of leases; those that somebody else has settled meanwhile are left out.</summary>
    /// <exception cref="QueueDamagedException">The log does not have one as it was written.</exception>
    public async Task<LeasedContent[]> ReadAsync(IReadOnlyList<LeasedMessage> leased, CancellationToken cancellationToken)
    {
        List<LeasedContent> contents = new(leased.Count);
        foreach (LeasedMessage one in leased)
        {
            if (await FindAsync(one.Receipt.Offset, cancellationToken).ConfigureAwait(false) is { } content)
            {
                contents.Add(new LeasedContent(one, content));
            }
        }

        return [.. contents];
    }

    /// <summary>The messages that are described, up to the bytes of one call; those that are gone are left out.</summary>
    /// <exception cref="QueueDamagedException">The log does not have one as it was written.</exception>
    public async Task<PeekedContent[]> ReadAsync(
        IReadOnlyList<MessageDescription> described, CancellationToken cancellationToken)
    {
        List<PeekedContent> peeked = [];
        long bytes = 0;
        foreach (MessageDescription one in described)
        {
            if (await FindAsync(one.Offset, cancellationToken).ConfigureAwait(false) is not { } content)
            {
                continue;
            }

            bytes += LengthOf(content);
            if (peeked.Count > 0 && bytes > QueueLimits.MaxCallBytes)
            {
                break;
            }

            peeked.Add(new PeekedContent(id.Index, one, content));
        }

        return [.. peeked];
    }

    /// <summary>Messages of a range, up to the bytes and the messages of one call. Not all offsets have one.</summary>
    /// <exception cref="QueueDamagedException">A row's checksum does not match.</exception>
    public async Task<TopicPart> ReadFromAsync(long from, long end, CancellationToken cancellationToken)
    {
        List<StoredMessage> found = [];
        long next = from;
        for (long bytes = 0; ;)
        {
            if (TakeHeld(found, ref next, end, ref bytes))
            {
                return new TopicPart(next, [.. found]);
            }

            IReadOnlyList<LogRow> rows = await ReadRowsAsync(next, cancellationToken).ConfigureAwait(false);
            next = Math.Min(end, FirstFrom(next, rows) ?? (rows.Count > 0 ? rows[^1].NextOffset : end));
        }
    }

    /// <summary>How many messages are about so many bytes, if they are as long as the last ones.</summary>
    public int CountThatFits(int bytes)
    {
        lock (_cache)
        {
            return (int)Math.Max(1, bytes / Math.Max(1, _meanBytes));
        }
    }

    // The first message at or behind an offset.
    private static long? FirstFrom(long offset, IReadOnlyList<LogRow> rows)
    {
        foreach (LogRow row in rows)
        {
            long? first = null;
            RecordFormat.Read(
                row.Payload, row.FirstOffset, sent => first ??= sent.Offset >= offset ? sent.Offset : null, null, null);
            if (first is not null)
            {
                return first;
            }
        }

        return null;
    }

    // False: what comes next is not in the cache.
    private bool TakeHeld(List<StoredMessage> found, ref long next, long end, ref long bytes)
    {
        lock (_cache)
        {
            for (; next < end; next++)
            {
                if (!_cache.TryGet(next, out StoredMessage? message))
                {
                    return false;
                }

                bytes += LengthOf(message);
                if (found.Count == QueueLimits.MaxCallMessages || (found.Count > 0 && bytes > QueueLimits.MaxCallBytes))
                {
                    break;
                }

                found.Add(message);
            }

            return true;
        }
    }

    // Null: it is gone.
    private async ValueTask<StoredMessage?> FindAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_cache)
        {
            if (_cache.TryGet(offset, out StoredMessage? held))
            {
                return Counted_NeedsLock(held);
            }
        }

        IReadOnlyList<LogRow> rows = await ReadRowsAsync(offset, cancellationToken).ConfigureAwait(false);
        lock (_cache)
        {
            if (_cache.TryGet(offset, out StoredMessage? read))
            {
                return Counted_NeedsLock(read);
            }
        }

        if (!exists(offset))
        {
            return null;
        }

        LogDamage damage = new(id, offset, "The message is not in the log.");
        await PartitionRecovery.ReportAsync(log, damage, epoch, cancellationToken).ConfigureAwait(false);
        throw new QueueDamagedException(damage);
    }

    private async Task<IReadOnlyList<LogRow>> ReadRowsAsync(long offset, CancellationToken cancellationToken)
    {
        IReadOnlyList<LogRow> rows = await log.ReadAsync(source, offset, ReadBytes, cancellationToken).ConfigureAwait(false);
        lock (_cache)
        {
            // The last first: of rows that are too many, those that come next stay.
            for (int index = rows.Count - 1; index >= 0; index--)
            {
                _cache.Add(rows[index]);
            }
        }

        return rows;
    }

    private static int LengthOf(StoredMessage message) => message.Body.Length + message.Headers.Length;

    private StoredMessage Counted_NeedsLock(StoredMessage message)
    {
        _meanBytes += (LengthOf(message) - _meanBytes) * Weight;
        return message;
    }
}
