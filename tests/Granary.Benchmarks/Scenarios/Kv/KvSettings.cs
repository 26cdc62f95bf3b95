using System.Net;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Kv;

/// <summary>The options of <c>kv</c>, read.</summary>
internal sealed record KvSettings
{
    public required string[] Peers { get; init; }

    public required PeerSettings PeerSettings { get; init; }

    /// <summary>A server that is running already; <see langword="null"/> if none is to be measured.</summary>
    public IPEndPoint? Server { get; init; }

    public PeerProtocol ServerProtocol { get; init; }

    public int? ServerProcessId { get; init; }

    public required int[] Pipelines { get; init; }

    public required int Connections { get; init; }

    public required int LoadThreads { get; init; }

    /// <summary>Operations a second on each server; <see langword="null"/> for as many as it answers.</summary>
    public int? Rate { get; init; }

    public required int Keys { get; init; }

    public required int ValueBytes { get; init; }

    public required GetSetRatio Ratio { get; init; }

    public required KeyDistribution Distribution { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required TimeSpan Duration { get; init; }

    public required int Rounds { get; init; }

    public FileInfo? Csv { get; init; }
}
