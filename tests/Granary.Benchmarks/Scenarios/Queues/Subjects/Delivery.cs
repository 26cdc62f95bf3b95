namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>A received message.</summary>
/// <param name="Body">Valid until it is completed.</param>
/// <param name="Receipt">What the receiver completes it by.</param>
internal readonly record struct Delivery(ReadOnlyMemory<byte> Body, object Receipt);
