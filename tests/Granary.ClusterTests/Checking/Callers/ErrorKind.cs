namespace Granary.ClusterTests.Checking.Callers;

/// <summary>
/// How an operation failed. That the server closes a connection between two commands is no error: the caller goes to
/// another silo.
/// </summary>
internal enum ErrorKind
{
    None = 0,

    /// <summary>No silo took a connection. The command was not sent.</summary>
    NotConnected,

    /// <summary>The connection ended between a command and its answer.</summary>
    Unanswered,

    /// <summary>No answer within <see cref="WorkloadSettings.AnswerTimeout"/>.</summary>
    TimedOut,

    /// <summary>A silo answered SERVER_ERROR.</summary>
    ServerError,

    /// <summary>The .NET client says: unavailable, nothing was changed.</summary>
    Unavailable,

    /// <summary>The .NET client says: outcome unknown.</summary>
    OutcomeUnknown,

    /// <summary>An answer or an exception that has no place here.</summary>
    Unexpected,
}
