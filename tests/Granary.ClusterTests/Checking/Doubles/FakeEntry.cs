namespace Granary.ClusterTests.Checking.Doubles;

/// <summary>An entry of a <see cref="FakeCache"/>.</summary>
internal sealed record FakeEntry(byte[] Value, uint Flags, ulong Cas, DateTimeOffset Expires);
