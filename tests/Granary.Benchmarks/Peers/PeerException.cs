namespace Granary.Benchmarks.Peers;

/// <summary>A server could not be started.</summary>
internal sealed class PeerException(string message) : Exception(message);
