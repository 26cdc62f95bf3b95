using Granary.Client.Tests.Doubles;

namespace Granary.Client.Tests.Hybrid;

/// <summary>Processes whose hybrid caches have the same entries.</summary>
public abstract class HybridScene : IDisposable
{
    // Those who wait for a lease go on by themselves; those who wait for changes, a second, do not.
    private readonly PausingTimeProvider _time = new(TimeSpan.FromMilliseconds(500));
    private readonly RealOwner _owner;
    private readonly List<HybridProcess> _processes = [];

    private protected HybridScene() => _owner = new RealOwner(_time);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected PausingTimeProvider Time => _time;

    private protected RealOwner Owner => _owner;

    public void Dispose()
    {
        _processes.ForEach(static process => process.Dispose());
        _owner.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static ValueTask<string> GetAsync(HybridProcess process, string key, string made, params string[] tags) =>
        process.Cache.GetOrCreateAsync(key, made, static (value, _) => new ValueTask<string>(value), tags: tags, cancellationToken: Token);

    private protected static async Task KeepAsync(HybridProcess process, string key, string value, params string[] tags)
    {
        await GetAsync(process, key, value, tags);
        await GetAsync(process, key, "?", tags);
        Assert.True(await process.IsNearAsync(key));
    }

    // What a key has when it has not this any more.
    private protected static async Task<string> UntilOtherAsync(HybridProcess process, string key, string old, string made = "new")
    {
        string found;
        while ((found = await GetAsync(process, key, made)) == old)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return found;
    }

    // In steps, so that the silo is heard meanwhile.
    private protected async Task AdvanceAsync(HybridProcess process, int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            int asked = process.Watched.Asked;
            _time.Advance(TimeSpan.FromSeconds(1));
            while (process.Watched.Asked == asked)
            {
                await Task.Yield();
            }
        }
    }

    private protected async Task<HybridProcess> StartAsync(GranaryHybridCacheOptions? options = null, int? compressFrom = null)
    {
        var process = new HybridProcess(_owner, _time, options ?? new GranaryHybridCacheOptions(), compressFrom);
        process.DropTagsIn(_owner);
        _processes.Add(process);
        return await process.ReadyAsync();
    }
}
