using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>The start that servers have in common which are told their port.</summary>
internal static class PeerStart
{
    /// <exception cref="PeerException">The server ended or did not answer in time; it is stopped.</exception>
    public static async Task<RunningPeer> RunAsync(
        IPeer peer, IPEndPoint endPoint, string program, IEnumerable<string> arguments, int? cpu,
        CancellationToken cancellationToken)
    {
        ServerProcess process = ServerProcess.Start(program, arguments, cpu);
        try
        {
            string version = await ServerProbe.WaitAsync(process, endPoint, peer.Protocol, cancellationToken);
            return new RunningPeer(peer.Name, peer.Protocol, endPoint, version, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
