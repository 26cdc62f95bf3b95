namespace Granary;

/// <summary>
/// The receiver does not have the message any more: its lease ended, and the message was given to another or has failed
/// once more; or it was settled before. Nothing changed.
/// </summary>
[GenerateSerializer, Alias("granary.GranaryLockLostException")]
public sealed class GranaryLockLostException : GranaryException
{
    /// <summary>Creates the exception.</summary>
    public GranaryLockLostException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    public GranaryLockLostException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the thing, its value and the rule.</param>
    /// <param name="innerException">What was met.</param>
    public GranaryLockLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
