namespace Granary.Benchmarks.Peers;

/// <summary>A kind of server that a scenario can start.</summary>
internal interface IPeer
{
    /// <summary>What <c>--peers</c> and the tables call it.</summary>
    string Name { get; }

    PeerProtocol Protocol { get; }

    /// <summary>Whether its program is on this machine.</summary>
    bool IsPresent { get; }

    /// <summary>Starts it on a free loopback port and waits until it answers. The caller disposes it.</summary>
    /// <exception cref="PeerException">It ended or did not answer in time.</exception>
    Task<RunningPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken);
}
