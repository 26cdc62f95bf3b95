using Granary.Queues;

namespace Granary.Streams.Inbox;

/// <summary>Settlements that leave in one call, and whose they are.</summary>
internal sealed class SettlementBatch
{
    private readonly List<Settlement> _settlements = [];
    private readonly List<HeldMessage> _messages = [];

    public int Count => _settlements.Count;

    public Settlement[] Settlements => [.. _settlements];

    public void Add(HeldMessage message, SettlementKind kind)
    {
        _settlements.Add(message.Settle(kind));
        _messages.Add(message);
    }

    /// <summary>Who gets which answer.</summary>
    public IEnumerable<(HeldMessage Message, Settlement Settlement, SettleOutcome Outcome)> With(
        IReadOnlyList<SettleOutcome> outcomes) =>
        _messages.Select((message, index) => (message, _settlements[index], outcomes[index]));
}
