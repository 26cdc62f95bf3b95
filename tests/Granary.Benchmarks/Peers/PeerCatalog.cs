namespace Granary.Benchmarks.Peers;

/// <summary>All servers this program can start, and the starting of those a scenario asks for.</summary>
internal static class PeerCatalog
{
    private static readonly IPeer[] Peers =
    [
        .. SiloKind.All.Select(static kind => new GranarySilo(kind)),
        new MemcachedServer(),
        new RedisServer(),
        new GarnetServer(),
    ];

    public static IEnumerable<string> Names => Peers.Select(peer => peer.Name);

    /// <summary>
    /// Starts one after the other; a server that is absent or does not start costs a line, not the run.
    /// </summary>
    /// <returns>Those that answer. The caller disposes them.</returns>
    public static async Task<List<RunningPeer>> StartAsync(
        IEnumerable<string> names, PeerSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        var running = new List<RunningPeer>();
        try
        {
            foreach (IPeer peer in names.Select(name => Peers.First(peer => peer.Name == name)))
            {
                if (await TryStartAsync(peer, settings, output, cancellationToken) is { } started)
                {
                    running.Add(started);
                }
            }
        }
        catch
        {
            await StopAsync(running);
            throw;
        }

        return running;
    }

    public static async Task StopAsync(IEnumerable<RunningPeer> peers)
    {
        foreach (RunningPeer peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    private static async Task<RunningPeer?> TryStartAsync(
        IPeer peer, PeerSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        if (!peer.IsPresent)
        {
            output.WriteLine($"{peer.Name}: skipped, it is not on this machine.");
            return null;
        }

        try
        {
            return await peer.StartAsync(settings, cancellationToken);
        }
        catch (PeerException error)
        {
            output.WriteLine($"{peer.Name}: skipped. {error.Message}");
            return null;
        }
    }
}
