namespace Granary;

/// <summary>A value is over the silos' limit for one value. Nothing changed.</summary>
[GenerateSerializer, Alias("granary.GranaryValueTooLargeException")]
public sealed class GranaryValueTooLargeException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryValueTooLargeException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryValueTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryValueTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
