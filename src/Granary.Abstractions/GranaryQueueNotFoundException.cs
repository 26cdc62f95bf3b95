namespace Granary;

/// <summary>A queue is not there any more. Nothing changed.</summary>
[GenerateSerializer, Alias("granary.GranaryQueueNotFoundException")]
public sealed class GranaryQueueNotFoundException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryQueueNotFoundException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryQueueNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryQueueNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
