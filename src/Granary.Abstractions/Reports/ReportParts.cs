namespace Granary.Reports;

/// <summary>What a <see cref="SiloReport"/> is to tell beside the cache.</summary>
[Flags, GenerateSerializer, Alias("granary.ReportParts")]
public enum ReportParts
{
    /// <summary>The cache and the cluster only.</summary>
    None = 0,

    /// <summary><see cref="SiloReport.Queues"/>.</summary>
    Queues = 1,

    /// <summary><see cref="SiloReport.History"/>.</summary>
    History = 2,

    /// <summary><see cref="SiloReport.Audit"/>.</summary>
    Audit = 4,
}
