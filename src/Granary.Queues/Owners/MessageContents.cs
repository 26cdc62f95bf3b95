using Granary.Queues.Logs;

namespace Granary.Queues.Owners;

/// <summary>Messages by offset: from the cache, else from the log, with those that come after. Safe.</summary>
/// <param name="log">Where they are.</param>
/// <param name="id">The partition.</param>
/// <param name="epoch">Of its owner.</param>
/// <param name="exists">
/// Whether the partition has a message: one that was settled since it was asked for may be trimmed.
/// </param>
internal sealed class MessageContents(IPartitionLog log, PartitionId id, long epoch, Func<long, bool> exists)
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

    /// <summary>How many messages are about so many bytes, if they are as long as the last ones.</summary>
    public int CountThatFits(int bytes)
    {
        lock (_cache)
        {
            return (int)Math.Max(1, bytes / Math.Max(1, _meanBytes));
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

        if (!exists(offset))
        {
            return null;
        }

        LogDamage damage = new(id, offset, "The message is not in the log.");
        await PartitionRecovery.ReportAsync(log, damage, epoch, cancellationToken).ConfigureAwait(false);
        throw new QueueDamagedException(damage);
    }

    private static int LengthOf(StoredMessage message) => message.Body.Length + message.Headers.Length;

    private StoredMessage Counted_NeedsLock(StoredMessage message)
    {
        _meanBytes += (LengthOf(message) - _meanBytes) * Weight;
        return message;
    }
}
