using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Reads the keys of the shards that are open here. Thread-safe.</summary>
internal sealed class KeyScans(ShardRegistry registry, ServingLease lease)
{
    // While so many are looked at the shard's operations wait.
    private const int EntriesPerTurn = 512;

    // Many keys may be looked at to find few, and a call must end.
    private const int MaxTurns = 40;

    /// <summary>Reads a page.</summary>
    /// <exception cref="GranaryException">The prefix is longer than a key.</exception>
    public ValueTask<ScanReply> ReadAsync(int shard, ScanRequest request)
    {
        if (request.Prefix.Length > WireLimits.MaxKeyBytes)
        {
            throw new GranaryException(
                $"The prefix has {request.Prefix.Length} bytes; it can have {WireLimits.MaxKeyBytes} at most, as keys.");
        }

        bool isServing = lease.Check();
        var keys = new List<byte[]>();
        var position = new ScanPosition(request.Origin, request.Next, IsEnd: false);
        StoreResult result = StoreResult.Success;
        for (int turn = 0; turn < MaxTurns && !position.IsEnd && result == StoreResult.Success && HasRoom(keys); turn++)
        {
            result = registry.Store.Scan(shard, request.Prefix.Span, ref position, EntriesPerTurn, keys);
        }

        lease.CheckStill(isServing);
        return new ValueTask<ScanReply>(new ScanReply
        {
            Status = StoreOutcome.StatusOf(result),
            Keys = result == StoreResult.Success ? [.. keys] : [],
            Origin = position.Origin,
            Next = position.Next,
            IsEnd = position.IsEnd,
        });
    }

    private static bool HasRoom(List<byte[]> keys) => keys.Sum(static key => key.Length) < ScanReply.MaxKeyBytes;
}
