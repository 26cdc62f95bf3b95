using System.Globalization;
using System.Text;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking;

/// <summary>Writes a report as Markdown, whose tables are aligned and so read as plain text too.</summary>
internal static class CheckReportText
{
    private const int MostErrors = 20;

    public static string Write(CheckReport report)
    {
        WorkloadSettings settings = report.Settings;
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            Seed {settings.Seed}; {settings.OperationsPerSecond:N0} operations/s for {report.Duration.TotalSeconds:F1} s asked,
            {report.Rate:N0} operations/s sent; {settings.MemcachedCallers} memcached and {settings.ClientCallers} .NET callers;
            {settings.ColdMebibytes} MiB of cold entries; the harness used {report.HarnessCores:F2} cores.


            """);
        WriteTable(text, ProtocolRows(report));
        WriteTable(text, FamilyRows(report));
        WriteList(text, "What happened", report.Notes);
        WriteList(text, "Findings", report.Families.SelectMany(family => family.Findings).Select(found => $"{found}"));
        WriteList(text, "First errors", report.Errors.Errors.Take(MostErrors).Select(error => $"{error}"));
        return text.ToString();
    }

    private static List<string[]> ProtocolRows(CheckReport report)
    {
        ErrorKind[] kinds = [.. Enum.GetValues<ErrorKind>().Where(kind => kind != ErrorKind.None)];
        List<string[]> rows =
        [
            ["protocol", "operations", "skipped", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "reconnects", .. kinds.Select(Spell)],
        ];
        foreach (ProtocolReport protocol in report.Protocols)
        {
            LatencyHistogram latencies = protocol.Latencies;
            rows.Add(
            [
                protocol.Protocol.ToString(),
                Number(latencies.Count),
                Number(protocol.Skipped),
                Milliseconds(latencies.Percentile(50)),
                Milliseconds(latencies.Percentile(99)),
                Milliseconds(latencies.Percentile(99.9)),
                Milliseconds(latencies.Max),
                Number(protocol.Reconnects),
                .. kinds.Select(kind => Number(report.Errors[protocol.Protocol, kind])),
            ]);
        }

        return rows;
    }

    private static List<string[]> FamilyRows(CheckReport report)
    {
        Anomaly[] anomalies = Enum.GetValues<Anomaly>();
        List<string[]> rows =
        [
            ["family", "keys", "operations", "acknowledged", "unknown", .. anomalies.Select(Spell), "lost keys", "max pause ms", "of", "> 1 s"],
        ];
        foreach (FamilyTally family in report.Families)
        {
            rows.Add(
            [
                family.Name,
                Number(family.Keys),
                Number(family.Operations),
                Number(family.Acknowledged),
                Number(family.Unknown),
                .. anomalies.Select(anomaly => Number(family[anomaly])),
                Number(family.LostKeys.Count),
                Milliseconds(family.MaxPause),
                family.MaxPauseDescription,
                Number(family.LongPauses),
            ]);
        }

        return rows;
    }

    private static void WriteTable(StringBuilder text, List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        WriteRow(text, rows[0], widths);
        WriteRow(text, [.. widths.Select((width, column) => new string('-', width - (column > 0 ? 1 : 0)) + (column > 0 ? ":" : ""))], widths);
        foreach (string[] row in rows.Skip(1))
        {
            WriteRow(text, row, widths);
        }

        text.AppendLine();
    }

    private static void WriteRow(StringBuilder text, string[] row, int[] widths)
    {
        IEnumerable<string> cells = row.Select((cell, column) =>
            column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
    }

    private static void WriteList(StringBuilder text, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length > 0)
        {
            text.Append(title).AppendLine(":").AppendLine();
            foreach (string line in all)
            {
                text.Append("* ").AppendLine(line.ReplaceLineEndings(" "));
            }

            text.AppendLine();
        }
    }

    // TimedOut -> timed out.
    private static string Spell<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        string.Concat(value.ToString().Select((letter, index) =>
            char.IsUpper(letter) ? $"{(index > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
}
