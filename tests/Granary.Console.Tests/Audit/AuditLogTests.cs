using Granary.Console.Audit;
using Granary.Console.Tests.Doubles;
using Granary.Reports;
using Granary.Tests.Shared.Reports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Console.Tests.Audit;

/// <summary>What is kept of an operator's action, and what is logged.</summary>
public sealed class AuditLogTests
{
    private const int MaxEntries = 200;
    private const int MaxTextLength = 300;

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<AuditLog> _logger = new();
    private readonly AuditLog _audit;

    public AuditLogTests()
    {
        _audit = new AuditLog(_time, _logger);
    }

    [Fact]
    public void Action_WhateverBecameOfIt_IsKeptAndLoggedWithWhoDidIt()
    {
        _audit.Add("ann", "purge", "orders", "dead messages", AuditOutcome.Refused, "There is no such state.");

        var expected = new AuditEntry(
            _time.GetUtcNow(), "ann", "purge", "orders", "dead messages", AuditOutcome.Refused, "There is no such state.");
        Assert.Equal(expected, Assert.Single(Read()));
        Assert.Equal(
            (LogLevel.Information, "ann: purge orders (dead messages): Refused. There is no such state."),
            Assert.Single(_logger.Entries));
    }

    [Theory]
    [InlineData(MaxEntries - 1)]
    [InlineData(MaxEntries)]
    [InlineData(MaxEntries + 1)]
    public void Actions_UpToTwoHundred_AreKeptTheLatestFirst(int count)
    {
        for (int number = 1; number <= count; number++)
        {
            _audit.Add("ann", "pause", $"{number}", "receivers get nothing", AuditOutcome.Done);
        }

        int kept = Math.Min(count, MaxEntries);
        Assert.Equal(
            Enumerable.Range(count - kept + 1, kept).Reverse().Select(static number => $"{number}"),
            Read().Select(static entry => entry.About),
            StringComparer.Ordinal);
        Assert.Equal(count, _logger.Entries.Count);
    }

    [Theory]
    [InlineData(MaxTextLength - 1)]
    [InlineData(MaxTextLength)]
    [InlineData(MaxTextLength + 1)]
    public void Texts_LongerThanThreeHundredCharacters_AreCut(int length)
    {
        _audit.Add("ann", "drain", new string('a', length), new string('d', length), AuditOutcome.Failed, new string('r', length));

        AuditEntry kept = Assert.Single(Read());
        int cut = Math.Min(length, MaxTextLength);
        Assert.Equal(
            (new string('a', cut), new string('d', cut), new string('r', cut)), (kept.About, kept.Detail, kept.Reason));
        Assert.DoesNotContain(new string('a', MaxTextLength + 1), Assert.Single(_logger.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_InWhichNobodyAskedForIt_HasNoneOfIt()
    {
        _audit.Add("ann", "pause", "orders", "receivers get nothing", AuditOutcome.Done);

        Assert.Empty(_audit.Extend(IdleSilo.Report("a"), ReportParts.Queues | ReportParts.History).Audit);
    }

    private AuditEntry[] Read() => _audit.Extend(IdleSilo.Report("a"), ReportParts.Audit).Audit;
}
