namespace Granary;

/// <summary>A queue takes no more messages: it is as long as it may be, or its disk is full. The message is not stored.</summary>
[GenerateSerializer, Alias("granary.GranaryQueueFullException")]
public sealed class GranaryQueueFullException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryQueueFullException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryQueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryQueueFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
