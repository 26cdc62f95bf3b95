using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client;

/// <summary>A message that this receiver has until it is settled, or its lease ends.</summary>
public sealed class ReceivedMessage
{
    private long _lockedUntil;

    internal ReceivedMessage(LeasedContent leased, ValueCodec codec, DateTimeOffset now)
    {
        Content = new MessageContent(leased.Content, codec);
        Receipt = leased.Lease.Receipt;
        DeliveryCount = leased.Lease.DeliveryCount;
        AcquiredCount = leased.Lease.AcquiredCount;
        LeaseDuration = leased.Lease.Duration;
        LockedUntil = now + LeaseDuration;
    }

    /// <summary>As it was sent.</summary>
    public MessageContent Content { get; }

    /// <summary>What is carried.</summary>
    public ReadOnlyMemory<byte> Body => Content.Body;

    /// <summary>The id by which it is not stored twice.</summary>
    public string? MessageId => Content.MessageId;

    /// <summary>How often it has failed: was abandoned, or kept too long.</summary>
    public int DeliveryCount { get; }

    /// <summary>How often it was given out, this time included; a release or a restart is no failure.</summary>
    public int AcquiredCount { get; }

    /// <summary>Where it is; asks for it when it was deferred.</summary>
    public MessagePosition Position => Receipt.Position;

    /// <summary>Names this lease: settles the message, also from another process.</summary>
    public Receipt Receipt { get; }

    /// <summary>How long a lease lasts.</summary>
    public TimeSpan LeaseDuration { get; }

    /// <summary>When the lease ends unless it is renewed, by this machine's clock, and by what the way here took too late.</summary>
    public DateTimeOffset LockedUntil
    {
        get => new(Interlocked.Read(ref _lockedUntil), TimeSpan.Zero);
        internal set => Interlocked.Exchange(ref _lockedUntil, value.UtcTicks);
    }

    /// <summary>The body as a value.</summary>
    /// <exception cref="FormatException">The body is no <typeparamref name="T"/>.</exception>
    public T As<T>() => Content.As<T>();
}
