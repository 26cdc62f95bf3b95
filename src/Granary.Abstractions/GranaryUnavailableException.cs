namespace Granary;

/// <summary>
/// What was asked for was not done within its time: no silo answered, none had room, or the client has too much waiting.
/// Nothing changed, so it is safe to repeat.
/// </summary>
[GenerateSerializer, Alias("granary.GranaryUnavailableException")]
public sealed class GranaryUnavailableException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryUnavailableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
