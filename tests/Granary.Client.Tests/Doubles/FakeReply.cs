using Granary.Wire;

namespace Granary.Client.Tests.Doubles;

internal sealed record FakeReply(CacheStatus Status, FakeEntry? Entry = null, ulong Number = 0)
{
    /// <summary>Of a read that keeps the value.</summary>
    public EntryState State { get; init; }

    public ReadOnlyMemory<ulong> Tags { get; init; }
}
