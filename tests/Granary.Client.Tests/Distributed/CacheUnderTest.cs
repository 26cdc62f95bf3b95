using Granary.Client.Distributed;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Distributed;

/// <summary>.NET's distributed cache in memory, or ours over a store as silos have it; by either kind of methods.</summary>
/// <remarks>The client has another clock: it would keep the rhythm of its timers for years that pass at once.</remarks>
internal sealed class CacheUnderTest : IDisposable
{
    private readonly IDistributedCache _cache;
    private readonly bool _isAsync;
    private readonly RealOwner? _owner;
    private readonly FakeCluster? _cluster;

    public CacheUnderTest(string kind)
    {
        _isAsync = kind.EndsWith("async", StringComparison.Ordinal);
        if (kind.StartsWith("memory", StringComparison.Ordinal))
        {
            var options = new MemoryDistributedCacheOptions { Clock = new Clock(Time) };
            _cache = new MemoryDistributedCache(Options.Create(options));
            return;
        }

        _owner = new RealOwner(Time);
        _cluster = new FakeCluster(owner: _owner);
        _cache = new GranaryDistributedCache(_cluster.RawCache, new GranaryDistributedCacheOptions(), Time);
    }

    public static TheoryData<string> Kinds => ["memory", "memory async", "granary", "granary async"];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<byte[]?> GetAsync(string key) =>
        _isAsync ? _cache.GetAsync(key, Token) : Task.FromResult(_cache.Get(key));

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options) =>
        _isAsync ? _cache.SetAsync(key, value, options, Token) : DoneAsync(() => _cache.Set(key, value, options));

    public Task RefreshAsync(string key) =>
        _isAsync ? _cache.RefreshAsync(key, Token) : DoneAsync(() => _cache.Refresh(key));

    public Task RemoveAsync(string key) =>
        _isAsync ? _cache.RemoveAsync(key, Token) : DoneAsync(() => _cache.Remove(key));

    public void Dispose()
    {
        _cluster?.Dispose();
        _owner?.Dispose();
    }

    private static Task DoneAsync(Action call)
    {
        call();
        return Task.CompletedTask;
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
