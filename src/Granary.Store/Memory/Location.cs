namespace Granary.Store.Memory;

/// <summary>Where a record is.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Offset">Bytes from the segment's start; a multiple of 8.</param>
internal readonly record struct Location(int Segment, int Offset);
