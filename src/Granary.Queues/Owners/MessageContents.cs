using Granary.Queues.Logs;

namespace Granary.Queues.Owners;

/// <summary>Messages by offset: from the cache, else from the log, with those that come after. Safe.</summary>
internal sealed class MessageContents(IPartitionLog log, PartitionId id)
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

    /// <summary>How many of the first have at most so many bytes; at least one.</summary>
    public static int CountWithin(IReadOnlyList<LeasedContent> messages, int maxBytes)
    {
        int count = 0;
        for (long bytes = 0; count < messages.Count; count++)
        {
            bytes += LengthOf(messages[count].Content);
            if (count > 0 && bytes > maxBytes)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>The messages of leases.</summary>
    /// <exception cref="QueueDamagedException">The log does not have one as it was written.</exception>
    public async Task<LeasedContent[]> ReadAsync(IReadOnlyList<LeasedMessage> leased, CancellationToken cancellationToken)
    {
        LeasedContent[] contents = new LeasedContent[leased.Count];
        for (int index = 0; index < contents.Length; index++)
        {
            StoredMessage content = await ReadAsync(leased[index].Receipt.Offset, cancellationToken).ConfigureAwait(false);
            contents[index] = new LeasedContent(leased[index], content);
        }

        return contents;
    }

    /// <summary>The messages that are described, up to the bytes of one call.</summary>
    /// <exception cref="QueueDamagedException">The log does not have one as it was written.</exception>
    public async Task<PeekedContent[]> ReadAsync(
        IReadOnlyList<MessageDescription> described, CancellationToken cancellationToken)
    {
        List<PeekedContent> peeked = [];
        long bytes = 0;
        foreach (MessageDescription one in described)
        {
            StoredMessage content = await ReadAsync(one.Offset, cancellationToken).ConfigureAwait(false);
            bytes += LengthOf(content);
            if (peeked.Count > 0 && bytes > QueueLimits.MaxCallBytes)
            {
                break;
            }

            peeked.Add(new PeekedContent(id.Index, one, content));
        }

        return [.. peeked];
    }

    /// <summary>How many messages are about so many bytes, if they are as long as the last ones.</summary>
    public int CountThatFits(int bytes)
    {
        lock (_cache)
        {
            return (int)Math.Max(1, bytes / Math.Max(1, _meanBytes));
        }
    }

    /// <exception cref="QueueDamagedException">The log does not have it as it was written.</exception>
    public async ValueTask<StoredMessage> ReadAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_cache)
        {
            if (_cache.TryGet(offset, out StoredMessage? held))
            {
                return Counted_NeedsLock(held);
            }
        }

        IReadOnlyList<LogRow> rows = await log.ReadAsync(id, offset, ReadBytes, cancellationToken).ConfigureAwait(false);
        lock (_cache)
        {
            // The last first: of rows that are too many, those that come next stay.
            for (int index = rows.Count - 1; index >= 0; index--)
            {
                _cache.Add(rows[index]);
            }

            if (_cache.TryGet(offset, out StoredMessage? read))
            {
                return Counted_NeedsLock(read);
            }
        }

        LogDamage damage = new(id, offset, "The message is not in the log.");
        log.Report(damage);
        throw new QueueDamagedException(damage);
    }

    private static int LengthOf(StoredMessage message) => message.Body.Length + message.Headers.Length;

    private StoredMessage Counted_NeedsLock(StoredMessage message)
    {
        _meanBytes += (LengthOf(message) - _meanBytes) * Weight;
        return message;
    }
}
