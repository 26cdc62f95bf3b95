using System.Collections.Concurrent;
using System.Globalization;
using Granary.Client;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>What senders and receivers were told, and whether that can all be true. Thread-safe.</summary>
internal sealed class QueueLedger
{
    private readonly ConcurrentDictionary<string, MessagePosition> _sent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MessagePosition> _received = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<MessagePosition, bool> _completed = [];
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _findings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _poisoned = new(StringComparer.Ordinal);
    private int _redelivered;
    private int _unknown;

    public int Sent => _sent.Count;

    public int Received => _received.Count;

    public int Completed => _completed.Count;

    /// <summary>Messages that were delivered and can only fail.</summary>
    public int Poisoned => _poisoned.Count;

    /// <summary>Deliveries beyond the first: allowed, and counted.</summary>
    public int Redelivered => _redelivered;

    /// <summary>Sends without a MessageId of which nobody knows whether they are stored.</summary>
    public int Unknown => _unknown;

    /// <summary>What cannot be.</summary>
    public IReadOnlyCollection<string> Findings => [.. _findings.Keys];

    public void Confirmed(string id, SendReceipt receipt)
    {
        if (_sent.GetOrAdd(id, receipt.Position) is var first && first != receipt.Position)
        {
            Find($"{id} was confirmed at {first} and at {receipt.Position}.");
        }
    }

    /// <summary>It is not stored, and not sent again.</summary>
    public void Refused(string id) => _refused[id] = true;

    /// <summary>Nobody knows whether it is stored; it is not sent again.</summary>
    public void OutcomeUnknown() => Interlocked.Increment(ref _unknown);

    public void Delivered(ReceivedMessage message) => Delivered(message.MessageId!, message);

    /// <param name="id">Of the message; it has no MessageId, perhaps.</param>
    /// <param name="message">As received.</param>
    public void Delivered(string id, ReceivedMessage message)
    {
        if (_received.GetOrAdd(id, message.Position) is var first && first != message.Position)
        {
            Find($"{id} is stored at {first} and at {message.Position}.");
        }

        if (_completed.ContainsKey(message.Position))
        {
            Find($"{id} was delivered after its completion was confirmed.");
        }

        if (message.AcquiredCount > 1)
        {
            Interlocked.Increment(ref _redelivered);
        }

        if (_failures.TryGetValue(id, out int failures) && message.DeliveryCount < failures)
        {
            Find($"{id} has failed {failures} times, and was delivered with a count of {message.DeliveryCount}.");
        }
    }

    /// <summary>It fails whenever it is delivered.</summary>
    public void Poison(string id) => _poisoned[id] = true;

    /// <summary>A failure was confirmed.</summary>
    public void Failed(string id) => _failures.AddOrUpdate(id, 1, (_, failures) => failures + 1);

    /// <summary>The completion was confirmed.</summary>
    public void Settled(ReceivedMessage message)
    {
        if (!_completed.TryAdd(message.Position, true))
        {
            Find($"{message.MessageId} was completed twice: two receipts were valid.");
        }
    }

    /// <summary>Fails unless everything confirmed was delivered, once stored, once completed.</summary>
    public void AssertNothingLost()
    {
        foreach (string id in _refused.Keys.Where(_received.ContainsKey))
        {
            Find($"{id} was refused, and delivered.");
        }

        string[] lost = [.. _sent.Keys.Where(id => !_received.ContainsKey(id)).Order(StringComparer.Ordinal)];
        Assert.True(lost.Length == 0, $"{lost.Length} confirmed messages were never delivered: {string.Join(", ", lost.Take(20))}");
        Assert.True(Findings.Count == 0, string.Join('\n', Findings.Take(20)));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sent} confirmed, {Received} delivered, {Redelivered} redeliveries, {Completed} completions confirmed, "
            + $"{Unknown} unknown, {Findings.Count} findings");

    private void Find(string finding) => _findings[finding] = true;
}
