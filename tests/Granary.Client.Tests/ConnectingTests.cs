using Granary.Client.Connecting;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Granary.Client.Tests;

public sealed class ConnectingTests
{
    [Theory]
    [InlineData("host:30000", "host:30000")]
    [InlineData("host", "host:30000")]
    [InlineData(" a:1 , b.example:65535 ", "a:1,b.example:65535")]
    [InlineData("10.0.0.1:5,[::1]:6,[fe80::1]", "10.0.0.1:5,[::1]:6,[fe80::1]:30000")]
    public void Seeds_WellFormed_AreRead(string text, string seeds) =>
        Assert.Equal(seeds, SeedList.Parse(text).ToString());

    [Theory]
    [InlineData("a:1,:30000", "':30000'")]
    [InlineData("a:1,", "''")]
    [InlineData("host:", "'host:'")]
    [InlineData("host:0", "'host:0'")]
    [InlineData("host:65536", "'host:65536'")]
    [InlineData("host:-1", "'host:-1'")]
    [InlineData("host:x", "'host:x'")]
    [InlineData("::1:30000", "'::1:30000'")]
    [InlineData("[::1", "'[::1'")]
    [InlineData("[::1]30000", "'[::1]30000'")]
    [InlineData("a b:1", "'a b:1'")]
    public void Seeds_Malformed_AreNamed(string text, string named)
    {
        var error = Assert.Throws<ArgumentException>(() => SeedList.Parse(text));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddGranaryClient_Twice_Throws()
    {
        var services = new ServiceCollection();
        services.AddGranaryClient("localhost:30000");

        Assert.Throws<InvalidOperationException>(() => services.AddGranaryClient("localhost:30000"));
    }

    [Fact]
    public async Task AddGranaryClient_GivesTheCacheAndConfiguresOrleans()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddLogging()
            .AddGranaryClient("127.0.0.1:30000", o => o.ClusterId = "other")
            .BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IGranaryCache>(), provider.GetRequiredService<IGranaryCache>());
        Assert.Equal("other", provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId);
        Assert.Equal("granary", provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId);
        IList<Uri> gateways = await provider.GetRequiredService<IGatewayListProvider>().GetGateways();
        Assert.Equal("gwy.tcp://127.0.0.1:30000/0", Assert.Single(gateways).ToString());
    }

    // A message for a gateway that Orleans does not know yet is lost.
    [Fact]
    public async Task Offer_OfANewGateway_CompletesWhenOrleansHasTakenIt()
    {
        var gateways = new GatewayList(SeedList.Parse("127.0.0.1:30000"), new FakeTimeProvider());
        ServedMap map = FakeCluster.MapOf(1, [new FakeSilo(new FakeStore()), new FakeSilo(new FakeStore())]);
        await gateways.GetGateways();

        Task offered = gateways.OfferAsync(map);
        IList<Uri> given = await gateways.GetGateways();
        bool completedWhenGiven = offered.IsCompleted;
        await gateways.GetGateways();

        Assert.Contains(new Uri("gwy.tcp://127.0.0.1:30001/0"), given);
        Assert.False(completedWhenGiven);
        await offered;
    }

    [Fact]
    public async Task Offer_OfKnownGateways_CompletesAtOnce()
    {
        var gateways = new GatewayList(SeedList.Parse("127.0.0.1:30000"), new FakeTimeProvider());
        await gateways.GetGateways();

        Task offered = gateways.OfferAsync(FakeCluster.MapOf(1, [new FakeSilo(new FakeStore())]));

        Assert.True(offered.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Offer_ThatOrleansNeverTakes_TimesOut()
    {
        var time = new FakeTimeProvider();
        var gateways = new GatewayList(SeedList.Parse("127.0.0.1:30000"), time);

        Task offered = gateways.OfferAsync(FakeCluster.MapOf(1, [new FakeSilo(new FakeStore())]));
        time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => offered);
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedAndNamed()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddGranaryClient("127.0.0.1", o => o.MessagesInFlightPerSilo = 0)
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IOptions<GranaryClientOptions>>().Value);

        Assert.Contains("MessagesInFlightPerSilo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithNobodyThere_FailsAndNamesTheSeeds()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGranaryClient("127.0.0.1:1", o => o.ConnectTimeout = TimeSpan.FromMilliseconds(100));
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<GranaryUnavailableException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'127.0.0.1:1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstConnection_RetriesForABoundedTimeAndNamesTheSeeds()
    {
        var time = new FakeTimeProvider();
        var filter = new ConnectRetryFilter(
            SeedList.Parse("a:1,b:2"),
            Options.Create(new GranaryClientOptions()),
            time,
            NullLogger<ConnectRetryFilter>.Instance);
        var cause = new TimeoutException("refused");

        Task<bool> first = filter.ShouldRetryConnectionAttempt(cause, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await first);
        time.Advance(TimeSpan.FromSeconds(30));
        var error = await Assert.ThrowsAsync<GranaryUnavailableException>(
            () => filter.ShouldRetryConnectionAttempt(cause, CancellationToken.None));

        Assert.Contains("'a:1,b:2'", error.Message, StringComparison.Ordinal);
        Assert.Same(cause, error.InnerException);
    }
}
