using System.Net;
using Granary.Administration.Reading;
using Granary.Reports;

namespace Granary.Administration.Tests;

/// <summary>What silos could have told.</summary>
internal static class TestReports
{
    public const int ShardCount = 8;

    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    /// <summary>A silo that serves what the map gives it, and has nothing to do.</summary>
    /// <param name="silo">Its name.</param>
    /// <param name="seconds">How long it has run.</param>
    /// <param name="shards">What it serves.</param>
    public static SiloReport Of(string silo, double seconds = 100, params int[] shards) => new()
    {
        Silo = silo,
        Version = "1.2.3",
        Uptime = TimeSpan.FromSeconds(seconds),
        At = Start + TimeSpan.FromSeconds(seconds),
        IsReady = true,
        ExpectedShards = shards.Length,
        OpenShards = shards,
        MovingShards = [],
        UnprotectedShards = [],
        Replicas = "none",
        MovingBytesLeft = 0,
        Counters = default,
        Entries = 0,
        EntryBytes = 0,
        CopyEntries = 0,
        CopyBytes = 0,
        UsedBytes = 0,
        BudgetBytes = 1 << 20,
        EvictionAge = null,
        ResidentBytes = 0,
        ProcessorTime = TimeSpan.Zero,
        FullCollections = 0,
        CutOffSilos = 0,
        ClockSkew = TimeSpan.Zero,
        LocalLatency = new long[LatencyBuckets.Count],
        ForwardedLatency = new long[LatencyBuckets.Count],
        HotKeys = [],
        SampledOperationsPerSecond = 0,
        SlowOperations = [],
        Events = [],
    };

    /// <summary>A cluster in which each silo told that. A silo that told nothing is silent.</summary>
    public static ClusterReading Reading(params (string Silo, SiloReport? Report)[] silos) => new(
        silos.Max(static silo => silo.Report?.At) ?? Start,
        new ServedMap
        {
            ViewVersion = 7,
            ShardCount = ShardCount,
            MaxValueBytes = 1 << 20,
            Silos = [.. silos.Select(static silo => Served(silo.Silo))],
        },
        [.. silos.Select(static silo => new SiloReading(Served(silo.Silo), silo.Report))]);

    /// <summary>The shards that the map gives to a silo of these.</summary>
    public static int[] ShardsOf(string silo, params string[] silos)
    {
        var map = new ClusterMap(ShardCount, silos);
        return [.. Enumerable.Range(0, ShardCount).Where(shard => map.OwnerNameOf(shard) == silo)];
    }

    private static ServedSilo Served(string name) => new()
    {
        Name = name,
        Address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + name[0]), 1),
        Gateway = new IPEndPoint(IPAddress.Loopback, 30_000 + name[0]),
        Draining = false,
        Service = null,
    };
}
