namespace Granary;

/// <summary>
/// What the log of a queue's partition holds is not what was written. The partition is quarantined: nothing is read past
/// the damage, and nothing written. The queue's other partitions go on.
/// </summary>
[GenerateSerializer, Alias("granary.GranaryQueueDamagedException")]
public sealed class GranaryQueueDamagedException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryQueueDamagedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryQueueDamagedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryQueueDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
