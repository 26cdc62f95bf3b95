namespace Granary;

/// <summary>
/// A change was sent, and the connection was lost or time ran out before its answer: it may have been applied, or may
/// still be. Read the entry before repeating what must not be done twice.
/// </summary>
[GenerateSerializer, Alias("granary.GranaryOutcomeUnknownException")]
public sealed class GranaryOutcomeUnknownException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryOutcomeUnknownException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryOutcomeUnknownException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryOutcomeUnknownException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
