namespace Granary.Queues.Partitions;

/// <summary>A lease that goes on under the next owner.</summary>
/// <param name="Offset">Of the message.</param>
/// <param name="Attempt">Which lease of the message.</param>
/// <param name="Epoch">Of the owner that gave it.</param>
/// <param name="LeftMilliseconds">What was left of it when its owner let go.</param>
internal readonly record struct HeldLease(long Offset, int Attempt, long Epoch, long LeftMilliseconds);
