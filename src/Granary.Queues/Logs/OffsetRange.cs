namespace Granary.Queues.Logs;

/// <summary>Offsets from <paramref name="First"/> to before <paramref name="End"/>.</summary>
/// <param name="First">The first.</param>
/// <param name="End">The one after the last.</param>
public readonly record struct OffsetRange(long First, long End);
