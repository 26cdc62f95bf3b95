using Granary.Client.Cache.Hybrid;
using Granary.Client.Tests.Doubles;
using Granary.Client.Values;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Hybrid;

/// <summary>A process with a hybrid cache, on a store that it shares with others.</summary>
internal sealed class HybridProcess : IDisposable
{
    private readonly FakeCluster _cluster;
    private readonly GranaryHybridCache _cache;

    public HybridProcess(RealOwner owner, FakeTimeProvider time, GranaryHybridCacheOptions options, int? compressFrom = null)
    {
        _cluster = new FakeCluster(owner: owner, time: time);
        Watched = new WatchedSilo(owner, time);
        _cluster.Silo.Watch = Watched.WatchAsync;
        var codec = new EntryCodec(new ValueCodec(new GranaryClientOptions().Json), compressFrom);
        _cache = new GranaryHybridCache(
            options, _cluster.RawCache, _cluster.Router, _cluster.Maps, codec, time, NullLogger<GranaryHybridCache>.Instance);
    }

    public HybridCache Cache => _cache;

    public FakeSilo Silo => _cluster.Silo;

    public WatchedSilo Watched { get; }

    /// <summary>Messages so far that were about a key, and not about the lease of whoever makes its value.</summary>
    public int MessagesOf(string key) => Silo.Messages.Count(message => message.Contains(key, StringComparer.Ordinal));

    /// <summary>Has the tags of other processes' calls dropped by the store.</summary>
    public void DropTagsIn(RealOwner owner) => _cluster.DropTags = tags =>
    {
        foreach (ulong tag in tags)
        {
            owner.Store.DropTag(0, tag);
            owner.Store.Changes.TagDropped(tag);
        }

        return default;
    };

    /// <summary>Connects, and follows the silo's changes.</summary>
    public async Task<HybridProcess> ReadyAsync()
    {
        await _cluster.ConnectedAsync();
        await Cache.GetOrCreateAsync("ready", static _ => new ValueTask<int>(1), cancellationToken: TestContext.Current.CancellationToken);
        while (!await IsNearAsync("ready"))
        {
            await Task.Yield();
        }

        Silo.Reset();
        return this;
    }

    /// <summary>Whether a key is answered without a message.</summary>
    public async Task<bool> IsNearAsync(string key)
    {
        int before = MessagesOf(key);
        await Cache.GetOrCreateAsync(
            key,
            static _ => new ValueTask<byte[]?>((byte[]?)null), // which is not run
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData },
            cancellationToken: TestContext.Current.CancellationToken);
        return MessagesOf(key) == before;
    }

    public void Dispose()
    {
        _cache.Dispose();
        _cluster.Dispose();
    }
}
