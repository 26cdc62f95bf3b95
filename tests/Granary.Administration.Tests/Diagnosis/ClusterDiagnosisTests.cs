using Granary.Administration.Diagnosis;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Administration.State;
using Granary.Queues;
using Granary.Reports;

namespace Granary.Administration.Tests.Diagnosis;

public sealed class ClusterDiagnosisTests
{
    private static readonly string[] Two = ["a", "b"];

    [Fact]
    public void Findings_OfAHealthyCluster_AreNone() => Assert.Empty(Diagnose(Healthy("a"), Healthy("b")));

    [Fact]
    public void Findings_OfASilentSilo_BeginWithIt()
    {
        IReadOnlyList<Finding> findings = Diagnose(Healthy("a"), ("b", null));

        Assert.Equal<string>(["silo-silent", "shards-nowhere"], [.. findings.Select(static finding => finding.Code)]);
        Assert.All(findings, static finding => Assert.Equal(FindingSeverity.Critical, finding.Severity));
        Assert.Equal("silo:b", findings[0].About);
    }

    [Fact]
    public void Findings_OfSeveralKinds_BeginWithTheWorst()
    {
        (string silo, SiloReport? report) = Healthy("a");
        SiloReport unready = report! with { IsReady = false, CutOffSilos = 1 };

        IReadOnlyList<Finding> findings = Diagnose((silo, unready), ("b", null));

        Assert.Equal(FindingSeverity.Critical, findings[0].Severity);
        Assert.NotEqual(FindingSeverity.Critical, findings[^1].Severity);
        Assert.Equal(findings.Select(static finding => finding.Severity).OrderDescending(), findings.Select(static finding => finding.Severity));
    }

    [Fact]
    public void Findings_OfAFullSilo_SayHowOldIsWhatItEvicts()
    {
        (string silo, SiloReport? report) = Healthy("a");
        SiloReport later = report! with
        {
            Uptime = report!.Uptime + TimeSpan.FromSeconds(2),
            Counters = new CacheCounters { Evictions = 4_000 },
            EvictionAge = TimeSpan.FromSeconds(40),
        };

        Finding finding = Assert.Single(Diagnose(
            [TestReports.Reading((silo, report), Healthy("b")), TestReports.Reading((silo, later), Healthy("b"))]));

        Assert.Equal("Silo a is full: it evicts 2,000 entries/s, last used 40 s ago.", finding.Text);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
    }

    [Theory]
    [InlineData(true, FindingSeverity.Info)] // replicas are being made
    [InlineData(false, FindingSeverity.Warning)] // nobody is there to have them
    public void Findings_OfUnprotectedShards_AreGraveOnlyWhereThatStays(bool hasPeer, FindingSeverity severity)
    {
        string[] silos = hasPeer ? Two : ["a"];
        int[] shards = TestReports.ShardsOf("a", silos);
        SiloReport a = TestReports.Of("a", 100, shards) with { Replicas = "sync", UnprotectedShards = [shards[0]] };

        IReadOnlyList<Finding> findings = hasPeer ? Diagnose(("a", a), Healthy("b")) : Diagnose(("a", a));

        Finding finding = Assert.Single(findings);
        Assert.Equal(("shards-unprotected", severity), (finding.Code, finding.Severity));
    }

    [Fact]
    public void Findings_OfAHotKey_NameIt()
    {
        SiloReport a = Healthy("a").Report! with
        {
            HotKeys = [new HotKey("user:42"u8.ToArray(), 1, 4_900, 100)],
            SampledOperationsPerSecond = 10_000,
        };

        Finding finding = Assert.Single(Diagnose(("a", a), Healthy("b")));

        Assert.Equal("key:user:42", finding.About);
        Assert.Contains("5,000/s, 50 % of all operations, on silo a", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClusterEventKind.Lost, 0, "Silo c is gone without a word")]
    [InlineData(null, 500, "Evictions rose from 0/s to 500/s")]
    [InlineData(null, 0, "Keys are asked for that were never stored")]
    public void Findings_OfAHitRatioThatFell_SayWhatHappenedThen(ClusterEventKind? happened, long evictions, string reason)
    {
        ClusterHistory history = HistoryOf(hitsBefore: 980, hitsNow: 700, evictions);
        ClusterReading reading = TestReports.Reading(Healthy("a"), Healthy("b"));
        ClusterState state = ClusterStates.Of([reading]) with { Time = history.Times[^1] };
        if (happened is { } kind)
        {
            state = state with { Happened = [new HappenedState(state.Time - 60_000, "c", kind, "Silo c is gone without a word.")] };
        }

        Finding finding = Assert.Single(
            ClusterDiagnosis.Of(state, queues: null, history), static one => one.Code == "hit-ratio-fell");

        Assert.Contains("from 98 % to 70 %", finding.Text, StringComparison.Ordinal);
        Assert.Contains(reason, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c", 30_000, ClusterEventKind.Lost, true)]
    [InlineData("c", 30_000, ClusterEventKind.Left, false)] // it said so
    [InlineData("c", 601_000, ClusterEventKind.Lost, false)] // long ago
    [InlineData("b", 30_000, ClusterEventKind.Lost, false)] // it is back
    public void Findings_OfASiloThatCrashed_TellIt(string lost, long millisecondsAgo, ClusterEventKind kind, bool isTold)
    {
        ClusterState state = ClusterStates.Of([TestReports.Reading(Healthy("a"), Healthy("b"))]);
        state = state with { Happened = [new HappenedState(state.Time - millisecondsAgo, lost, kind, "It happened.")] };

        IReadOnlyList<Finding> findings = ClusterDiagnosis.Of(state, queues: null, history: null);

        Assert.Equal<string>(
            isTold ? ["Silo c was lost 30 s ago: it crashed, or nobody could reach it."] : [],
            [.. findings.Select(static finding => finding.Text)]);
        Assert.All(findings, static finding => Assert.Equal((FindingSeverity.Warning, "silo-lost"), (finding.Severity, finding.Code)));
    }

    [Fact]
    public void Findings_OfQueues_AreWhatTheListSays()
    {
        ClusterState state = ClusterStates.Of([TestReports.Reading(Healthy("a"), Healthy("b"))]);
        QueueDefinition definition = new("orders", 8, new QueueOptions());
        SiloReport report = Healthy("a").Report! with
        {
            Queues = [new QueueReport("orders", 8, new QueueStatistics { Ready = 3, OldestReadyAge = TimeSpan.FromMinutes(12) }, 0)],
        };
        QueueList queues = QueueStates.Of([definition], TestReports.Reading(("a", report)));

        Finding finding = Assert.Single(ClusterDiagnosis.Of(state, queues, history: null));

        Assert.Equal("Queue orders: No worker takes messages; the oldest has waited for 12 min.", finding.Text);
        Assert.Equal("queue:orders", finding.About);
    }

    [Fact]
    public void Findings_OfQueuesThatCannotBeRead_SayWhy()
    {
        ClusterState state = ClusterStates.Of([TestReports.Reading(Healthy("a"), Healthy("b"))]);

        Finding finding = Assert.Single(ClusterDiagnosis.Of(
            state, QueueStates.Unavailable(TestReports.Start, "the database is away."), history: null));

        Assert.Equal((FindingSeverity.Critical, "The queues cannot be read: the database is away."), (finding.Severity, finding.Text));
    }

    private static (string Silo, SiloReport? Report) Healthy(string silo) =>
        (silo, TestReports.Of(silo, 100, TestReports.ShardsOf(silo, Two)));

    private static IReadOnlyList<Finding> Diagnose(params (string Silo, SiloReport? Report)[] silos) =>
        Diagnose([TestReports.Reading(silos)]);

    private static IReadOnlyList<Finding> Diagnose(IReadOnlyList<ClusterReading> readings) =>
        ClusterDiagnosis.Of(ClusterStates.Of(readings), queues: null, history: null);

    // Eleven minutes of which the last one is other than the rest, 1,000 reads a second.
    private static ClusterHistory HistoryOf(long hitsBefore, long hitsNow, long evictionsNow)
    {
        var samples = new List<HistorySample>();
        var counters = default(CacheCounters);
        for (int step = 0; step <= 66; step++)
        {
            samples.Add(new HistorySample { At = TestReports.Start + TimeSpan.FromSeconds(10 * step), Counters = counters });
            long hits = step < 60 ? hitsBefore : hitsNow;
            counters = counters with
            {
                Hits = counters.Hits + (10 * hits),
                Misses = counters.Misses + (10 * (1_000 - hits)),
                Evictions = counters.Evictions + (step < 60 ? 0 : 10 * evictionsNow),
            };
        }

        return ClusterHistory.Of(TestReports.Reading(("a", TestReports.Of("a") with { History = [.. samples] })));
    }
}
