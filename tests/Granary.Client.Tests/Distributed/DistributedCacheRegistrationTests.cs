using Granary.Client.Distributed;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Granary.Client.Tests.Distributed;

public sealed class DistributedCacheRegistrationTests
{
    [Fact]
    public async Task AddGranaryDistributedCache_GivesOneInstanceForBothInterfaces()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddLogging()
            .AddGranaryDistributedCache()
            .AddGranaryClient("127.0.0.1:30000")
            .BuildServiceProvider();

        var cache = provider.GetRequiredService<IDistributedCache>();

        Assert.IsType<GranaryDistributedCache>(cache);
        Assert.Same(cache, provider.GetRequiredService<IBufferDistributedCache>());
        Assert.Same(cache, provider.GetRequiredService<IDistributedCache>());
    }

    [Fact]
    public async Task AddKeyedGranaryDistributedCache_GivesOneForEachKeyWithItsOptions()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddLogging()
            .AddGranaryClient("127.0.0.1:30000")
            .AddGranaryDistributedCache(options => options.KeyPrefix = "default:")
            .AddKeyedGranaryDistributedCache("one", options => options.KeyPrefix = "one:")
            .AddKeyedGranaryDistributedCache("two")
            .BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<GranaryDistributedCacheOptions>>();

        var one = provider.GetRequiredKeyedService<IDistributedCache>("one");

        Assert.Same(one, provider.GetRequiredKeyedService<IBufferDistributedCache>("one"));
        Assert.NotSame(one, provider.GetRequiredKeyedService<IDistributedCache>("two"));
        Assert.NotSame(one, provider.GetRequiredService<IDistributedCache>());
        Assert.Equal(
            ("default:", "one:", string.Empty),
            (options.CurrentValue.KeyPrefix, options.Get("one").KeyPrefix, options.Get("two").KeyPrefix));
    }

    [Fact]
    public void Cache_WithoutAClient_SaysWhatIsMissing()
    {
        using ServiceProvider provider = new ServiceCollection().AddGranaryDistributedCache().BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IDistributedCache>());

        Assert.Contains("AddGranaryClient", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    [InlineData(-1, false)] // null
    public void KeyPrefix_ThatLeavesNoRoomForAKey_IsRefusedAndNamed(int length, bool isAllowed)
    {
        var options = new GranaryDistributedCacheOptions { KeyPrefix = length < 0 ? null! : new string('p', length) };

        ValidateOptionsResult result = new GranaryDistributedCacheOptionsValidator().Validate(null, options);

        Assert.Equal(isAllowed, result.Succeeded);
        Assert.Equal(!isAllowed, result.FailureMessage?.Contains("KeyPrefix", StringComparison.Ordinal) ?? false);
    }
}
