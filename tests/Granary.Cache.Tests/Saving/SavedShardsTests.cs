using Granary.Cache.Saving;
using Granary.Cache.Tests.Doubles;
using Granary.Shards;
using Granary.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Saving;

/// <summary>What the last silo saves at its stop, and what the next start makes of it.</summary>
public sealed class SavedShardsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-saved-");
    private readonly IOptions<CacheOptions> _options;

    public SavedShardsTests() =>
        _options = Options.Create(new CacheOptions { ShardCount = 1, SaveFile = Path.Combine(_folder.FullName, "entries") });

    [Fact]
    public async Task Start_OfTheFirstSilo_LoadsTheFileAndDeletesItAsync()
    {
        await SaveAsync();

        using TestSilo silo = await StartAsync();

        Assert.Empty(_folder.GetFiles());
        Assert.Equal(CacheStatus.Success, Served(silo));
    }

    [Theory]
    [InlineData(SiloStatus.Active)] // what it holds is newer
    [InlineData(SiloStatus.Dead)] // it has served since
    public async Task Start_WhereAnotherSiloIsOrWas_DeletesTheFileUnreadAsync(SiloStatus other)
    {
        await SaveAsync();

        using TestSilo silo = await StartAsync((TestShards.Other, other));

        Assert.Empty(_folder.GetFiles());
        Assert.Equal(CopyKind.None, silo.Registry[0].Copy);
        Assert.Equal(CacheStatus.NotFound, Served(silo));
    }

    // One that cannot be read is set aside for a person to look at: here nobody would miss it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_WithAFileThatCannotBeRead_SetsItAsideUnlessAnotherSiloIsThereAsync(bool isThere)
    {
        await File.WriteAllTextAsync(_options.Value.SaveFile!, "no saved file", TestContext.Current.CancellationToken);

        using TestSilo silo = await (isThere ? StartAsync((TestShards.Other, SiloStatus.Active)) : StartAsync());

        string[] left = [.. _folder.GetFiles().Select(static file => file.Name)];
        Assert.Equal(isThere ? [] : ["entries.damaged"], left);
    }

    [Fact]
    public async Task Start_WhereAnotherWasWhenItWasSaved_LoadsTheFileAsync()
    {
        await SaveAsync((TestShards.Other, SiloStatus.Dead));

        using TestSilo silo = await StartAsync((TestShards.Other, SiloStatus.Dead));

        Assert.Equal(CacheStatus.Success, Served(silo));
    }

    [Fact]
    public async Task Loaded_WhenAnotherSiloWasActiveBefore_IsDroppedAsync()
    {
        await SaveAsync();
        using TestSilo silo = await StartAsync();

        await silo.SeeBothAsync();

        Assert.Equal(CacheStatus.NotFound, Served(silo));
    }

    [Fact]
    public async Task Save_WhileAnotherSiloIsActive_WritesNothingAsync()
    {
        using TestSilo silo = await FilledAsync((TestShards.Other, SiloStatus.Active));
        silo.View.SetDraining(TestShards.Other); // they were told to stop at once

        Assert.True(await SaverOf(silo).TrySaveAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Save_OfASiloThatMayHaveBeenDeclaredDead_WritesNothingAsync()
    {
        using TestSilo silo = await FilledAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await SaverOf(silo).TrySaveAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Empty(_folder.GetFiles());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static CacheStatus Served(TestSilo silo)
    {
        silo.Lease.Renew(long.MaxValue / 2);
        silo.Registry[0].OpenAlone();
        return silo.Store.Get("key");
    }

    private async Task<TestSilo> FilledAsync(params (SiloAddress Silo, SiloStatus Status)[] others)
    {
        var silo = new TestSilo(_time);
        await silo.SeeAsync([(TestShards.Self, SiloStatus.Active), .. others]);
        silo.Registry[0].OpenAlone();
        silo.Lease.Renew(_time.GetTimestamp());
        Assert.Equal(CacheStatus.Success, silo.Store.Set("key", "value"u8));
        return silo;
    }

    private async Task SaveAsync(params (SiloAddress Silo, SiloStatus Status)[] others)
    {
        using TestSilo silo = await FilledAsync(others);
        Assert.True(await SaverOf(silo).TrySaveAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Equal(_options.Value.SaveFile, Assert.Single(_folder.GetFiles()).FullName);
        Assert.Equal(CacheStatus.None, silo.Store.Get("key")); // an answer after that would be of no account
    }

    private async Task<TestSilo> StartAsync(params (SiloAddress Silo, SiloStatus Status)[] others)
    {
        var silo = new TestSilo(_time);
        silo.Membership.Set([(TestShards.Self, SiloStatus.Joining), .. others]);
        var lifecycle = new FakeLifecycle();
        new SavedShards(
            silo.Registry, silo.View, silo.Membership, _options, _time, NullLogger<SavedShards>.Instance).Participate(lifecycle);
        await lifecycle.StartAsync(TestContext.Current.CancellationToken);
        return silo;
    }

    private ShardSaver SaverOf(TestSilo silo) => new(
        silo.Registry, silo.View, silo.Membership, silo.Lease, _options, _time, NullLogger<ShardSaver>.Instance);
}
