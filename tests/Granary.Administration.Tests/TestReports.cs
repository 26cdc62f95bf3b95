using Granary.Administration.Reading;
using Granary.Reports;
using Granary.Tests.Shared.Reports;

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
    public static SiloReport Of(string silo, double seconds = 100, params int[] shards) => IdleSilo.Report(silo) with
    {
        Uptime = TimeSpan.FromSeconds(seconds),
        At = Start + TimeSpan.FromSeconds(seconds),
        ExpectedShards = shards.Length,
        OpenShards = shards,
    };

    /// <summary>A cluster in which each silo told that. A silo that told nothing is silent.</summary>
    public static ClusterReading Reading(params (string Silo, SiloReport? Report)[] silos) => new(
        silos.Max(static silo => silo.Report?.At) ?? Start,
        new ServedMap
        {
            ViewVersion = 7,
            ShardCount = ShardCount,
            MaxValueBytes = 1 << 20,
            Silos = [.. silos.Select(static silo => IdleSilo.Served(silo.Silo))],
        },
        [.. silos.Select(static silo => new SiloReading(IdleSilo.Served(silo.Silo), silo.Report))]);

    /// <summary>The shards that the map gives to a silo of these.</summary>
    public static int[] ShardsOf(string silo, params string[] silos)
    {
        var map = new ClusterMap(ShardCount, silos);
        return [.. Enumerable.Range(0, ShardCount).Where(shard => map.OwnerNameOf(shard) == silo)];
    }
}
