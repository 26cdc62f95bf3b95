using Granary.Queues.Logs;
using Granary.Queues.Records;

namespace Granary.Queues.Owners;

/// <summary>Messages of the rows that were written or read last, within a number of bytes. One thread.</summary>
internal sealed class ContentCache(long maxBytes)
{
    private readonly Dictionary<long, StoredMessage> _messages = [];
    private readonly Queue<(long First, long Next, int Bytes)> _rows = [];
    private readonly HashSet<long> _held = [];
    private long _bytes;

    public bool TryGet(long offset, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoredMessage? message) =>
        _messages.TryGetValue(offset, out message);

    /// <exception cref="InvalidDataException">The row cannot be read.</exception>
    public void Add(LogRow row)
    {
        if (!_held.Add(row.FirstOffset))
        {
            return;
        }

        RecordFormat.Read(row.Payload, row.FirstOffset, message => _messages[message.Offset] = message, null);
        _rows.Enqueue((row.FirstOffset, row.NextOffset, row.Payload.Length));
        _bytes += row.Payload.Length;
        while (_bytes > maxBytes && _rows.Count > 1)
        {
            (long first, long next, int bytes) = _rows.Dequeue();
            _held.Remove(first);
            _bytes -= bytes;
            for (long offset = first; offset < next; offset++)
            {
                _messages.Remove(offset);
            }
        }
    }
}
