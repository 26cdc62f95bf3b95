namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>One request of a trace.</summary>
/// <param name="Key">The object's number, from 0.</param>
/// <param name="LengthBytes">Its size; 1 if all are the same.</param>
/// <param name="Next">Which request of the trace is the next one for it; <see cref="int.MaxValue"/> if none is.</param>
internal readonly record struct TraceRequest(int Key, int LengthBytes, int Next);
