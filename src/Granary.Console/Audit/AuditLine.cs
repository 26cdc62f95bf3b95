using Granary.Reports;

namespace Granary.Console.Audit;

/// <summary>One action.</summary>
internal sealed record AuditLine(
    long At, string Who, string Silo, string Action, string About, string Detail, AuditOutcome Outcome, string? Reason)
{
    public static AuditLine Of(string silo, AuditEntry entry) => new(
        entry.At.ToUnixTimeMilliseconds(), entry.Who, silo, entry.Action, entry.About, entry.Detail, entry.Outcome, entry.Reason);
}
