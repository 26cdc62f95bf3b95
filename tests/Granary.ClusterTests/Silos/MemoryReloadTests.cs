using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.ClusterTests.Silos;

/// <summary>What the cache's budget becomes when the configuration is read again.</summary>
public sealed class MemoryReloadTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly CacheStore _store = new(
        new StoreOptions { MemoryLimitBytes = 64 * Megabyte, ShardCount = 1 }, TimeProvider.System);

    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();

    public MemoryReloadTests() => Say("64MiB");

    [Theory]
    [InlineData("32MiB", 32)]
    [InlineData("128MiB", 128)]
    [InlineData("64MiB", 64)]
    [InlineData("9GiB", 64)] // more than there are addresses for
    [InlineData("1MiB", 64)]
    [InlineData("much", 64)]
    public async Task Reload_OfAnotherValue_IsFollowedIfItCanBeAsync(string value, long megabytes)
    {
        using var reload = new MemoryReload(_configuration, _store, NullLogger<MemoryReload>.Instance);
        await reload.StartAsync(TestContext.Current.CancellationToken);

        Say(value);
        _configuration.Reload();

        Assert.Equal(megabytes * Megabyte, _store.Budget.Bytes);
    }

    [Fact]
    public async Task Reload_OfOtherOptions_LeavesWhatAClientHasSetAsync()
    {
        using var reload = new MemoryReload(_configuration, _store, NullLogger<MemoryReload>.Instance);
        await reload.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(_store.Budget.TrySet(16 * Megabyte));

        _configuration.Reload();

        Assert.Equal(16 * Megabyte, _store.Budget.Bytes);
    }

    public void Dispose() => _store.Dispose();

    private void Say(string value) => _configuration[SiloOptions.Memory.Key] = value;
}
