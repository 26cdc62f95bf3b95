using System.Runtime.CompilerServices;
using Granary.Benchmarks.Peers;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>StackExchange.Redis as an application uses it: one multiplexer, defaults.</summary>
internal sealed class StackExchangeRedisCache : ICacheUnderTest
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly IDatabase _database;

    private StackExchangeRedisCache(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        _database = multiplexer.GetDatabase();
    }

    public static async Task<ICacheUnderTest> ConnectAsync(RunningPeer server) =>
        new StackExchangeRedisCache(await ConnectionMultiplexer.ConnectAsync(server.EndPoint.ToString()));

    // The builders that pool keep this adapter's own state machines out of the allocation that is measured.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<byte[]?> GetAsync(string key) => await _database.StringGetAsync(key);

    public ValueTask SetAsync(string key, byte[] value) => new(_database.StringSetAsync(key, value));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> GetManyAsync(string[] keys)
    {
        var redisKeys = new RedisKey[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            redisKeys[i] = keys[i];
        }

        int hits = 0;
        foreach (RedisValue value in await _database.StringGetAsync(redisKeys))
        {
            hits += value.IsNull ? 0 : 1;
        }

        return hits;
    }

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();
}
