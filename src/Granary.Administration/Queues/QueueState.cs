using Granary.Queues;

namespace Granary.Administration.Queues;

/// <summary>A queue, a topic or a subscription, as it is shown.</summary>
public sealed record QueueState
{
    /// <summary>Its name; <c>topic/subscription</c> of a subscription.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required QueueKind Kind { get; init; }

    /// <summary>What a confirmation of a send promises.</summary>
    public required Durability Durability { get; init; }

    /// <summary>Into which it is divided.</summary>
    public required int Partitions { get; init; }

    /// <summary>Those that a silo has open now.</summary>
    public required int OpenPartitions { get; init; }

    /// <summary>Whether receivers get nothing because an operator wants it so.</summary>
    public required bool Paused { get; init; }

    /// <summary>Messages that wait for a worker.</summary>
    public required long Ready { get; init; }

    /// <summary>Messages that are not due.</summary>
    public required long Delayed { get; init; }

    /// <summary>Messages that workers have.</summary>
    public required long Leased { get; init; }

    /// <summary>Messages put aside.</summary>
    public required long Deferred { get; init; }

    /// <summary>Dead letters.</summary>
    public required long Dead { get; init; }

    /// <summary>Of a subscription: messages of the topic that it has not come to.</summary>
    public required long Behind { get; init; }

    /// <summary>How long the oldest message that is ready has been there; <see langword="null"/> if none is.</summary>
    public required double? OldestReadySeconds { get; init; }

    /// <summary>How long the longest lease has run; <see langword="null"/> if nothing is leased.</summary>
    public required double? OldestLeaseSeconds { get; init; }

    /// <summary>Partitions whose log is damaged.</summary>
    public required int DamagedPartitions { get; init; }

    /// <summary>Messages per second.</summary>
    public required QueueRates Rates { get; init; }

    /// <summary>Receivers that wait for a message now.</summary>
    public required int WaitingReceivers { get; init; }

    /// <summary>How it does.</summary>
    public required QueueHealth State { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Says { get; init; }
}
