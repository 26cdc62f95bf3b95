using Granary.Queues.Logs;
using Granary.Queues.Messages;

namespace Granary.Queues.Owners;

/// <summary>Messages by offset: from the cache, else from the log, with those that come after. Safe.</summary>
internal sealed class MessageContents(IPartitionLog log, PartitionId id)
{
    private const int ReadBytes = 1 << 20;
    private const int CacheBytes = 8 << 20;

    private readonly ContentCache _cache = new(CacheBytes);

    public void Add(LogRow row)
    {
        lock (_cache)
        {
            _cache.Add(row);
        }
    }

    /// <exception cref="QueueDamagedException">The log does not have it as it was written.</exception>
    public async ValueTask<StoredMessage> ReadAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_cache)
        {
            if (_cache.TryGet(offset, out StoredMessage? held))
            {
                return held;
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
                return read;
            }
        }

        LogDamage damage = new(id, offset, "The message is not in the log.");
        log.Report(damage);
        throw new QueueDamagedException(damage);
    }
}
