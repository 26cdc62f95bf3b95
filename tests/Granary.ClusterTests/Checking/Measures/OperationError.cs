using System.Globalization;
using Granary.ClusterTests.Checking.Callers;

namespace Granary.ClusterTests.Checking.Measures;

/// <summary>One operation that failed.</summary>
/// <param name="Begin">When it was sent, from the beginning of the run.</param>
/// <param name="End">When it had failed.</param>
/// <param name="Protocol">Of the caller.</param>
/// <param name="Family">Of the key.</param>
/// <param name="Operation">What was asked for.</param>
/// <param name="Kind">How it failed.</param>
/// <param name="Message">What was met.</param>
internal sealed record OperationError(
    TimeSpan Begin,
    TimeSpan End,
    Protocol Protocol,
    string Family,
    OperationKind Operation,
    ErrorKind Kind,
    string Message)
{
    /// <summary>Whether the answer was that the change may or may not have been applied: not silence, nor a refusal.</summary>
    public bool IsOutcomeUnknown =>
        Kind == ErrorKind.OutcomeUnknown
        || (Kind == ErrorKind.ServerError && Message.Contains("outcome unknown", StringComparison.Ordinal));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Begin.TotalSeconds:F3}-{End.TotalSeconds:F3} s {Protocol} {Family} {Operation}: {Kind}: {Message}");
}
