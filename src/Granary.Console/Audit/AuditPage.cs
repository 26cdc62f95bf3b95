namespace Granary.Console.Audit;

/// <summary>What operators did, in the whole cluster.</summary>
/// <param name="Entries">The latest first.</param>
internal sealed record AuditPage(IReadOnlyList<AuditLine> Entries);
