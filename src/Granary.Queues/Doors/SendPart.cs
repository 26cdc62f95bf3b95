namespace Granary.Queues.Doors;

/// <summary>What of a send goes to one partition.</summary>
internal sealed class SendPart
{
    private readonly List<OutgoingMessage[]> _batches = [];
    private readonly List<(int Batch, int[]? Places)> _origins = [];

    public OutgoingMessage[][] Batches => [.. _batches];

    /// <summary>Of each batch: the one that it comes from, and where its messages were there; null: it is the whole.</summary>
    public IReadOnlyList<(int Batch, int[]? Places)> Origins => _origins;

    public void Add(OutgoingMessage[] messages, int batch, int[]? places)
    {
        _batches.Add(messages);
        _origins.Add((batch, places));
    }

    /// <summary>The same answer for every message.</summary>
    public SendResult[][] Refuse(SendOutcome outcome) =>
        [.. _batches.Select(batch => batch.Select(_ => new SendResult(outcome, MessagePosition.None)).ToArray())];
}
