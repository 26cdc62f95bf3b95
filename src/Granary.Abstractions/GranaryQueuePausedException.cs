namespace Granary;

/// <summary>A queue is paused: until it is resumed it gives nothing out. Nothing changed.</summary>
[GenerateSerializer, Alias("granary.GranaryQueuePausedException")]
public sealed class GranaryQueuePausedException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryQueuePausedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryQueuePausedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryQueuePausedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
