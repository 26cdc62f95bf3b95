using System.Text;
using Granary.Client.Tests.Doubles;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Client.Tests;

public sealed class ScanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scan_GoesOverAllShards_PageByPage()
    {
        using var cluster = new FakeCluster { Scan = Pages };

        Assert.Equal(
            [.. Enumerable.Range(0, FakeCluster.ShardCount).SelectMany(static shard => new[] { $"{shard}.0", $"{shard}.2" })],
            await KeysAsync(cluster, ""));
    }

    [Fact]
    public async Task Scan_SendsItsPrefixAsUtf8()
    {
        byte[]? prefix = null;
        using var cluster = new FakeCluster
        {
            Scan = (_, request) =>
            {
                prefix = request.Prefix.ToArray();
                return new ScanReply { Status = CacheStatus.Success, IsEnd = true };
            },
        };

        await KeysAsync(cluster, "käse:");

        Assert.Equal(Encoding.UTF8.GetBytes("käse:"), prefix);
    }

    [Fact]
    public async Task Page_ThatFails_IsAskedForAgain()
    {
        int asked = 0;
        using var cluster = new FakeCluster
        {
            Scan = (shard, request) => (asked++ % 3) switch
            {
                0 => throw new TimeoutException("lost"),
                1 => new ScanReply { Status = CacheStatus.NotOwner },
                _ => Pages(shard, request),
            },
        };

        Assert.Equal(2 * FakeCluster.ShardCount, (await KeysAsync(cluster, "")).Count);
    }

    [Fact]
    public async Task Shard_ThatDoesNotAnswer_IsNamedAnOutage()
    {
        using var cluster = new FakeCluster { Scan = static (_, _) => throw new TimeoutException("lost") };

        GranaryUnavailableException error =
            await Assert.ThrowsAsync<GranaryUnavailableException>(() => KeysAsync(cluster, ""));

        Assert.Contains("lost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_OfAnotherShardCount_EndsTheScan()
    {
        using var cluster = new FakeCluster();
        cluster.Scan = (shard, request) =>
        {
            cluster.Map = new ServedMap
            {
                ViewVersion = 2,
                ShardCount = FakeCluster.ShardCount * 2,
                MaxValueBytes = 1 << 20,
                Silos = cluster.Map.Silos,
            };
            cluster.SettledAsync().GetAwaiter().GetResult();
            return Pages(shard, request);
        };

        GranaryUnavailableException error =
            await Assert.ThrowsAsync<GranaryUnavailableException>(() => KeysAsync(cluster, ""));

        Assert.Contains("had 16 shards", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_ThatIsNoText_IsBytes()
    {
        using var cluster = new FakeCluster
        {
            Scan = static (shard, _) => new ScanReply
            {
                Status = CacheStatus.Success,
                Keys = shard == 0 ? [[0xff, 1], "text"u8.ToArray()] : [],
                IsEnd = true,
            },
        };

        Assert.Equal(["0xFF01", "text"], await KeysAsync(cluster, ""));
    }

    [Fact]
    public async Task Scan_IsEndedByItsToken()
    {
        using var source = new CancellationTokenSource();
        using var cluster = new FakeCluster { Scan = Pages };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (CacheKey key in cluster.Cache.ScanAsync("", source.Token))
            {
                await source.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task Scan_OfARealStore_FindsWhatTheClientStored()
    {
        var time = new PausingTimeProvider();
        using var owner = new RealOwner(time);
        using var cluster = new FakeCluster(owner: owner, time: time) { Scan = (shard, request) => Read(owner, shard, request) };
        string[] keys = [.. Enumerable.Range(1000, 500).Select(static number => $"key:{number}")];
        await cluster.Cache.SetManyAsync(keys.Select(static key => KeyValuePair.Create(key, 1)), cancellationToken: Token);
        await cluster.Cache.SetAsync("other", 1, cancellationToken: Token);

        Assert.Equal(keys, (await KeysAsync(cluster, "key:")).Order(StringComparer.Ordinal));
    }

    private static ScanReply Pages(int shard, ScanRequest request) => new()
    {
        Status = CacheStatus.Success,
        Keys = request.Next == 1 ? [] : [Encoding.ASCII.GetBytes($"{shard}.{request.Next}")],
        Origin = 7,
        Next = request.Next + 1,
        IsEnd = request.Next == 2,
    };

    // The pretended silos share one shard.
    private static ScanReply Read(RealOwner owner, int shard, ScanRequest request)
    {
        if (shard != 0)
        {
            return new ScanReply { Status = CacheStatus.Success, IsEnd = true };
        }

        var keys = new List<byte[]>();
        var position = new ScanPosition(request.Origin, request.Next, IsEnd: false);
        owner.Store.Scan(0, request.Prefix.Span, ref position, 100, keys);
        return new ScanReply
        {
            Status = CacheStatus.Success,
            Keys = [.. keys],
            Origin = position.Origin,
            Next = position.Next,
            IsEnd = position.IsEnd,
        };
    }

    private static async Task<List<string>> KeysAsync(FakeCluster cluster, string prefix)
    {
        var keys = new List<string>();
        await foreach (CacheKey key in cluster.Cache.ScanAsync(prefix, Token))
        {
            keys.Add(key.ToString());
        }

        return keys;
    }
}
