using Granary.Queues;

namespace Granary.Streams.Inbox;

/// <summary>A message that this agent has leased. One thread.</summary>
internal sealed class HeldMessage(StreamLane? lane, long sequence, LeasedContent leased)
{
    /// <summary>Of its stream; <see langword="null"/>: it names none.</summary>
    public StreamLane? Lane { get; } = lane;

    /// <summary>Counts what this agent was given; the order of a stream's messages.</summary>
    public long Sequence { get; } = sequence;

    public StoredMessage Content { get; } = leased.Content;

    public LeasedMessage Lease { get; private set; } = leased.Lease;

    public HeldState State { get; set; } = HeldState.Held;

    /// <summary>What is to become of it, or is becoming; <see langword="null"/>: nothing yet.</summary>
    public SettlementKind? Wanted { get; private set; }

    /// <summary>Of a failure or a dead letter.</summary>
    public string? Reason { get; private set; }

    public string? Details { get; private set; }

    /// <summary>Whether the agent has been told of it, and may have asked who listens.</summary>
    public bool IsOffered { get; set; }

    /// <summary>Of a message whose lease is lost: receives that had begun before.</summary>
    public long LostAt { get; set; }

    public long Offset => Content.Offset;

    public int LengthBytes => Content.Body.Length + Content.Headers.Length;

    public void Want(SettlementKind kind, string? reason = null, string? details = null)
    {
        Wanted = kind;
        Reason = reason;
        Details = details;
    }

    /// <summary>It was leased once more. What was to become of it by the lease before is to be done by this one.</summary>
    public void LeaseAgain(LeasedMessage lease)
    {
        Lease = lease;
        State = HeldState.Held;
    }

    public void WantNothing() => Wanted = null;

    public Settlement Settle(SettlementKind kind) => kind switch
    {
        // The delay of a failure is kept here, under a lease: so that nothing of its stream comes before it.
        SettlementKind.Abandon => new Settlement(kind, Lease.Receipt) { Reason = Reason, Duration = TimeSpan.Zero },
        SettlementKind.Renew => new Settlement(kind, Lease.Receipt) { Duration = Lease.Duration },
        _ => new Settlement(kind, Lease.Receipt) { Reason = Reason, Details = Details },
    };
}
