namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>A queue product of this machine.</summary>
internal interface IQueuePeer
{
    /// <summary>What <c>--peers</c> and the tables call it.</summary>
    string Name { get; }

    /// <summary>Whether its programs are on this machine.</summary>
    bool IsPresent { get; }

    /// <summary>How it is set up for a class, in a few words; <see langword="null"/> if it does not have it.</summary>
    string? SetupFor(DurabilityClass durability);

    /// <summary>Starts a server of its own with empty data on a free loopback port, and connects.</summary>
    /// <param name="durability">One that <see cref="SetupFor"/> knows.</param>
    /// <param name="cpu">The core the server is pinned to; <see langword="null"/> leaves it free.</param>
    /// <param name="cancellationToken">Ends the wait, and the server.</param>
    /// <exception cref="Peers.PeerException">It ended or did not answer in time.</exception>
    Task<IQueueUnderTest> StartAsync(DurabilityClass durability, int? cpu, CancellationToken cancellationToken);
}
