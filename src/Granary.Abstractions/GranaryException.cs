namespace Granary;

/// <summary>Granary could not do what was asked, for a reason outside the caller: an outage, a deadline, a full silo.</summary>
[GenerateSerializer, Alias("granary.GranaryException")]
public class GranaryException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GranaryException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
