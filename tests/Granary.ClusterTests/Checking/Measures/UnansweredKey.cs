namespace Granary.ClusterTests.Checking.Measures;

/// <summary>A key whose last operation failed.</summary>
internal readonly record struct UnansweredKey(ReadOnlyMemory<byte> Key, FamilyTally Tally, KeyWatch Watch);
