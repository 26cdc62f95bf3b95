namespace Granary.Benchmarks.Peers;

/// <summary>The protocol in which a server is measured.</summary>
internal enum PeerProtocol
{
    Memcached,
    Resp,
}
