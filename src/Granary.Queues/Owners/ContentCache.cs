using System.Diagnostics.CodeAnalysis;
using Granary.Queues.Logs;
using Granary.Queues.Records;

namespace Granary.Queues.Owners;

/// <summary>
/// Messages of the pieces of the log that were written or read last, within a number of bytes. One thread. Pieces may
/// overlap; a message belongs to the one that came last, so all messages of a piece that is held are there.
/// </summary>
internal sealed class ContentCache(long maxBytes)
{
    private readonly Dictionary<long, (StoredMessage Message, long Piece)> _messages = [];
    private readonly Queue<(long First, long Next, int Bytes)> _pieces = [];
    private readonly HashSet<(long First, long Next)> _held = [];
    private long _added;
    private long _bytes;

    public bool TryGet(long offset, [NotNullWhen(true)] out StoredMessage? message)
    {
        bool found = _messages.TryGetValue(offset, out (StoredMessage Message, long Piece) held);
        message = found ? held.Message : null;
        return found;
    }

    /// <exception cref="InvalidDataException">The row cannot be read.</exception>
    public void Add(LogRow row)
    {
        if (_held.Add((row.FirstOffset, row.NextOffset)))
        {
            RecordFormat.Read(row.Payload, row.FirstOffset, message => _messages[message.Offset] = (message, _added), null, null);
            Added(row.FirstOffset, row.NextOffset, row.Payload.Length);
        }
    }

    /// <summary>Messages that somebody else has read.</summary>
    public void Add(TopicPart part)
    {
        if (part.Messages.Length > 0 && _held.Add((part.Messages[0].Offset, part.End)))
        {
            Array.ForEach(part.Messages, message => _messages[message.Offset] = (message, _added));
            Added(part.Messages[0].Offset, part.End, part.Messages.Sum(static message => message.Body.Length + message.Headers.Length));
        }
    }

    private void Added(long firstOffset, long nextOffset, int length)
    {
        _pieces.Enqueue((firstOffset, nextOffset, length));
        _added++;
        _bytes += length;
        while (_bytes > maxBytes && _pieces.Count > 1)
        {
            long piece = _added - _pieces.Count;
            (long first, long next, int bytes) = _pieces.Dequeue();
            _held.Remove((first, next));
            _bytes -= bytes;
            for (long offset = first; offset < next; offset++)
            {
                if (_messages.TryGetValue(offset, out (StoredMessage Message, long Piece) held) && held.Piece == piece)
                {
                    _messages.Remove(offset);
                }
            }
        }
    }
}
