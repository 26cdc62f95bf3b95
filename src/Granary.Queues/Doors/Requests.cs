using Granary.Queues.Partitions;

namespace Granary.Queues.Doors;

/// <summary>Checks what clients ask for.</summary>
internal static class Requests
{
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public static void Check(OutgoingMessage[][] batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        CheckCount(batches.Sum(batch => (long)batch.Length), "messages");
        foreach (OutgoingMessage message in batches.SelectMany(batch => batch))
        {
            QueueLimits.CheckId(message.MessageId, "MessageId");
            QueueLimits.CheckId(message.Group, "group");
            QueueLimits.CheckTimeToLive(message.TimeToLive);
        }
    }

    /// <exception cref="ArgumentException">Names what it is, and what to do.</exception>
    public static void CheckRole(PartitionRole role, PartitionRole[] wanted, string name)
    {
        if (Array.IndexOf(wanted, role) < 0)
        {
            throw new ArgumentException(role switch
            {
                PartitionRole.Topic => $"'{name}' is a topic: messages are received from its subscriptions.",
                PartitionRole.Subscription => $"'{name}' is a subscription: messages are sent to its topic.",
                _ => $"'{name}' is a queue, not the subscription of a topic.",
            }, nameof(name));
        }
    }

    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public static void CheckCount(long count, string what)
    {
        if (count is < 0 or > QueueLimits.MaxCallMessages)
        {
            throw new ArgumentException(
                $"A call is about {count} {what}; it must be at most {QueueLimits.MaxCallMessages}.", nameof(count));
        }
    }

    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public static void CheckReceive(int max, TimeSpan wait, TimeSpan? lease)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        CheckCount(max, "messages");
        CheckLease(lease);
        CheckWait(wait);
    }

    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public static void CheckWait(TimeSpan wait)
    {
        if (wait < TimeSpan.Zero || wait > QueueLimits.MaxWait)
        {
            throw new ArgumentException($"The wait is {wait}; it must be 0 to {QueueLimits.MaxWait}.", nameof(wait));
        }
    }

    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public static void CheckLease(TimeSpan? lease)
    {
        if (lease <= TimeSpan.Zero || lease > QueueLimits.MaxLease)
        {
            throw new ArgumentException(
                $"The lease is {lease}; it must be more than 0, and at most {QueueLimits.MaxLease}.", nameof(lease));
        }
    }

    /// <summary>The settlements with what is too long cut.</summary>
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public static Settlement[] Checked(Settlement[] settlements)
    {
        ArgumentNullException.ThrowIfNull(settlements);
        CheckCount(settlements.Length, "settlements");
        foreach (Settlement settlement in settlements)
        {
            if (settlement.Kind == SettlementKind.Renew)
            {
                CheckLease(settlement.Duration);
            }
            else if (settlement.Duration < TimeSpan.Zero)
            {
                throw new ArgumentException($"The delay is {settlement.Duration}; it must be at least 0.", nameof(settlements));
            }
        }

        return Array.TrueForAll(settlements, one => !IsLong(one.Reason) && !IsLong(one.Details))
            ? settlements
            : Array.ConvertAll(settlements, one => one with { Reason = Cut(one.Reason), Details = Cut(one.Details) });
    }

    private static bool IsLong(string? text) => text?.Length > QueueLimits.MaxReasonLength;

    private static string? Cut(string? text) => IsLong(text) ? text![..QueueLimits.MaxReasonLength] : text;
}
