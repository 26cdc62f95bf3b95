namespace Granary.Reports;

/// <summary>Something that an operator did, or tried to.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The name of the operator's token.</param>
/// <param name="Action">What: a verb.</param>
/// <param name="About">To what.</param>
/// <param name="Detail">How much of it, or of what kind.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was not done; <see langword="null"/> if it was.</param>
[GenerateSerializer, Immutable, Alias("granary.AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Who,
    [property: Id(2)] string Action,
    [property: Id(3)] string About,
    [property: Id(4)] string Detail,
    [property: Id(5)] AuditOutcome Outcome,
    [property: Id(6)] string? Reason);
