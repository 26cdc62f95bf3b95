using Granary.Wire;

namespace Granary.Queues;

/// <summary>What queues can be asked for.</summary>
public static class QueueLimits
{
    /// <summary>Body and headers of the largest message. Bytes. It travels whole, so it fits into one Orleans message.</summary>
    public const int MaxMessageBytes = 960 << 10;

    /// <summary>Messages of one call, either way, are cut here. Bytes; a single one may be longer.</summary>
    public const int MaxCallBytes = WireLimits.PageBytes;

    /// <summary>Messages of one call, either way.</summary>
    public const int MaxCallMessages = 4096;

    /// <summary>The longest wait of one call; who wants to wait longer calls again. Within Orleans' 30 s for an answer.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    /// <summary>The longest lease: 12 hours, SQS's.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromHours(12);

    /// <summary>The shortest time that a MessageId is remembered: longer than a client goes on sending by itself.</summary>
    public static readonly TimeSpan MinDeduplicationWindow = TimeSpan.FromMinutes(1);

    /// <summary>Partitions of a queue.</summary>
    public const int MaxPartitions = 256;

    /// <summary>Queues of a cluster.</summary>
    public const int MaxQueues = 4096;

    /// <summary>Subscriptions of a topic.</summary>
    public const int MaxSubscriptions = 64;

    /// <summary>Characters of a queue's name: letters, digits, hyphen, underscore, full stop.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Characters of a MessageId, and of a group: 128, Azure Service Bus's.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Characters of a reason; what is longer is cut. 4096, Azure Service Bus's.</summary>
    public const int MaxReasonLength = 4096;

    /// <summary>Throws if a text is no name of a queue.</summary>
    /// <exception cref="ArgumentException">Names the text and the rule.</exception>
    public static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxNameLength || !name.All(IsNameCharacter))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a queue; it must be 1 to {MaxNameLength} ASCII letters, digits, '-', '_' or '.'.",
                nameof(name));
        }
    }

    /// <summary>Throws if a queue cannot have so many partitions.</summary>
    /// <exception cref="ArgumentException">Names the number and the rule.</exception>
    public static void CheckPartitions(int partitions)
    {
        if (partitions is < 1 or > MaxPartitions)
        {
            throw new ArgumentException(
                $"A queue cannot have {partitions} partitions; it must have 1 to {MaxPartitions}.", nameof(partitions));
        }
    }

    /// <summary>Throws if a queue would forget a MessageId too early.</summary>
    /// <exception cref="ArgumentException">Names the time and the rule.</exception>
    public static void CheckDeduplicationWindow(TimeSpan window)
    {
        if (window < MinDeduplicationWindow)
        {
            throw new ArgumentException(
                $"QueueOptions.DeduplicationWindow is {window}; it must be at least {MinDeduplicationWindow}, because "
                + "clients repeat sends that have a MessageId.",
                nameof(window));
        }
    }

    /// <summary>Throws if a message cannot live so long.</summary>
    /// <exception cref="ArgumentException">Names the time and the rule.</exception>
    public static void CheckTimeToLive(TimeSpan? timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero)
        {
            throw new ArgumentException(
                $"A message's time to live is {timeToLive}; it must be more than 0.", nameof(timeToLive));
        }
    }

    /// <summary>Throws if a text is no MessageId and no group.</summary>
    /// <exception cref="ArgumentException">Names what it is to be, and the rule.</exception>
    public static void CheckId(string? id, string what)
    {
        if (id?.Length is 0 or > MaxIdLength)
        {
            throw new ArgumentException(
                $"A {what} of {id.Length} characters was given; it must have 1 to {MaxIdLength}.", nameof(id));
        }
    }

    private static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';
}
