using Granary.Reports;
using Microsoft.Extensions.Logging;

namespace Granary.Console.Audit;

/// <summary>
/// What operators did through this silo: each action is logged, which is where it is kept, and the last ones are shown.
/// Thread-safe.
/// </summary>
internal sealed class AuditLog(TimeProvider time, ILogger<AuditLog> logger) : IReportSource
{
    private const int MaxEntries = 200;
    private const int MaxTextLength = 300; // of what somebody may have typed

    private readonly Lock _lock = new();
    private readonly Queue<AuditEntry> _entries = new(MaxEntries);

    /// <summary>Notes an action.</summary>
    public void Add(string who, string action, string about, string detail, AuditOutcome outcome, string? reason = null)
    {
        (about, detail, reason) = (Cut(about), Cut(detail), reason is null ? null : Cut(reason));
        logger.Acted(who, action, about, detail, outcome, reason);
        lock (_lock)
        {
            if (_entries.Count == MaxEntries)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(new AuditEntry(time.GetUtcNow(), who, action, about, detail, outcome, reason));
        }
    }

    /// <inheritdoc/>
    public SiloReport Extend(SiloReport report, ReportParts parts)
    {
        if (!parts.HasFlag(ReportParts.Audit))
        {
            return report;
        }

        lock (_lock)
        {
            return report with { Audit = [.. _entries.Reverse()] };
        }
    }

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];
}
