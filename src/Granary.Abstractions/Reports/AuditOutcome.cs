namespace Granary.Reports;

/// <summary>What became of an operator's action.</summary>
[GenerateSerializer, Alias("granary.AuditOutcome")]
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Done = 0,

    /// <summary>It may not be done, or makes no sense: nothing changed.</summary>
    Refused = 1,

    /// <summary>It failed; a part of it may be done.</summary>
    Failed = 2,
}
