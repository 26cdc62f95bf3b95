namespace Granary.Queues.Doors;

/// <summary>
/// Takes the batches of a send apart by partition, and puts the answers together again. A batch whose messages may go
/// anywhere stays whole.
/// </summary>
internal sealed class SendRoutes
{
    private readonly SendResult[][] _results;
    private readonly Dictionary<int, SendPart> _parts = [];

    /// <param name="batches">Of one send.</param>
    /// <param name="partitions">Of the queue.</param>
    /// <param name="anywhere">The partition of messages that may go anywhere.</param>
    public SendRoutes(OutgoingMessage[][] batches, int partitions, int anywhere)
    {
        _results = Array.ConvertAll(batches, batch => new SendResult[batch.Length]);
        for (int batch = 0; batch < batches.Length; batch++)
        {
            Add(batch, batches[batch], partitions, anywhere);
        }
    }

    /// <summary>By partition.</summary>
    public IReadOnlyDictionary<int, SendPart> Parts => _parts;

    /// <summary>One answer for each message of each batch, once each part has its own.</summary>
    public SendResult[][] Results => _results;

    /// <summary>Puts the answers of a part where they belong.</summary>
    public void Answer(SendPart part, SendResult[][] results)
    {
        for (int index = 0; index < results.Length; index++)
        {
            (int batch, int[]? places) = part.Origins[index];
            for (int message = 0; message < results[index].Length; message++)
            {
                _results[batch][places?[message] ?? message] = results[index][message];
            }
        }
    }

    private void Add(int batch, OutgoingMessage[] messages, int partitions, int anywhere)
    {
        int[] targets = Array.ConvertAll(
            messages, message => QueueRouting.PartitionOf(message.Group, message.MessageId, partitions) ?? anywhere);
        if (Array.TrueForAll(targets, target => target == targets[0]))
        {
            PartOf(targets.Length == 0 ? anywhere : targets[0]).Add(messages, batch, null);
            return;
        }

        foreach (IGrouping<int, int> places in Enumerable.Range(0, targets.Length).GroupBy(place => targets[place]))
        {
            int[] chosen = [.. places];
            PartOf(places.Key).Add(Array.ConvertAll(chosen, place => messages[place]), batch, chosen);
        }
    }

    private SendPart PartOf(int partition)
    {
        if (!_parts.TryGetValue(partition, out SendPart? part))
        {
            _parts.Add(partition, part = new SendPart());
        }

        return part;
    }
}
