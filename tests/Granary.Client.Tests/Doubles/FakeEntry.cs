namespace Granary.Client.Tests.Doubles;

internal sealed record FakeEntry(byte[] Value, uint Flags = 0, ulong Cas = 1, long Expiration = 0, long Window = 0);
