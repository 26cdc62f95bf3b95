using Granary.Wire;

namespace Granary.Client.Tests.Doubles;

internal sealed record FakeReply(CacheStatus Status, FakeEntry? Entry = null, ulong Number = 0);
