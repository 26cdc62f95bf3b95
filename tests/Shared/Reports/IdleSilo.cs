using System.Net;
using Granary.Reports;

namespace Granary.Tests.Shared.Reports;

/// <summary>A silo that has nothing to do.</summary>
internal static class IdleSilo
{
    public static SiloReport Report(string name) => new()
    {
        Silo = name,
        Version = "1.2.3",
        Uptime = TimeSpan.Zero,
        At = default,
        IsReady = true,
        ExpectedShards = 0,
        OpenShards = [],
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

    /// <summary>How the map has it.</summary>
    public static ServedSilo Served(string name, bool draining = false) => new()
    {
        Name = name,
        Address = Orleans.Runtime.SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + name[0]), 1),
        Gateway = new IPEndPoint(IPAddress.Loopback, 30_000 + name[0]),
        Draining = draining,
        Service = null,
    };
}
