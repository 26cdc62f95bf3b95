using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>A server that answers. Disposing it stops it, if this program started it.</summary>
internal sealed class RunningPeer(
    string name, PeerProtocol protocol, IPEndPoint endPoint, string version, ServerProcess? process) : IAsyncDisposable
{
    public string Name => name;

    public PeerProtocol Protocol => protocol;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>As the server itself says.</summary>
    public string Version => version;

    /// <summary>The process whose processor time counts; <see langword="null"/> if it is unknown.</summary>
    public int? ProcessId { get; init; } = process?.Id;

    /// <summary>Where other silos of Granary join; <see langword="null"/> for other servers.</summary>
    public IPEndPoint? Silo { get; init; }

    /// <summary>Where Granary's .NET client connects; <see langword="null"/> for other servers.</summary>
    public IPEndPoint? Gateway { get; init; }

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
