namespace Granary.ClusterTests.Checking.Callers;

/// <summary>The answer to one <see cref="Operation"/>.</summary>
/// <param name="Answer">What it came to.</param>
/// <param name="Value">Of a hit. Holds until the caller's next operation.</param>
/// <param name="Flags">Of a hit.</param>
/// <param name="Cas">Of a hit.</param>
/// <param name="Number">Of an increment: the new number.</param>
/// <param name="Error">Where <see cref="Answer"/> is refused or unknown.</param>
/// <param name="Message">What was met, of an error.</param>
internal readonly record struct Reply(
    Answer Answer,
    ReadOnlyMemory<byte> Value = default,
    uint Flags = 0,
    ulong Cas = 0,
    ulong Number = 0,
    ErrorKind Error = ErrorKind.None,
    string? Message = null)
{
    /// <summary>Whether the cluster said what it did: anything but an error.</summary>
    public bool IsAnswered => Error == ErrorKind.None;

    public static Reply Done() => new(Answer.Done);

    public static Reply NotDone() => new(Answer.NotDone);

    public static Reply Refused(ErrorKind error, string message) =>
        new(Answer.Refused, Error: error, Message: message);

    public static Reply Unknown(ErrorKind error, string message) =>
        new(Answer.Unknown, Error: error, Message: message);
}
