namespace Granary.Reports;

/// <summary>A part of a silo that has something to tell of itself. All that are registered are asked.</summary>
public interface IReportSource
{
    /// <summary>Adds what it has to tell. Quick: it reads what is counted anyway.</summary>
    /// <param name="report">What the others have told.</param>
    /// <param name="parts">What is wanted.</param>
    SiloReport Extend(SiloReport report, ReportParts parts);
}
