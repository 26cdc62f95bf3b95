namespace Granary.Benchmarks.Load;

/// <summary>
/// A server closed a connection or answered something other than what was stored: the run does not count.
/// </summary>
internal sealed class LoadException(string message) : Exception(message);
