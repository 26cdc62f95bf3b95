using System.Net.ServerSentEvents;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Console.Tests.Doubles;
using Granary.Console.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Console.Tests.Watching;

/// <summary>One reading is for all who look, none is made for nobody, and no look lasts.</summary>
public sealed class ClusterWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ViewTime = TimeSpan.FromMinutes(1);

    private readonly ObservedTimeProvider _time = new();
    private readonly FakeCluster _cluster = new();
    private readonly ClusterWatch _watch;

    public ClusterWatchTests()
    {
        IGrainFactory grains = FakeGrains.Of(_cluster);
        _watch = new ClusterWatch(
            new ClusterReader(grains, static _ => null, _time),
            new QueueReader(grains, _time),
            _time,
            NullLogger<ClusterWatch>.Instance);
    }

    [Fact]
    public async Task Pages_OfWhichSomeCameLater_AreToldTheSameByOneReadingEveryTwoSecondsAsync()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await using OpenPage first = Open();
        string[] told = [await first.NextAsync("cluster"), await first.NextAsync("queues")];

        await using OpenPage second = Open();

        Assert.Equal(told[0], await second.NextAsync("cluster"), StringComparer.Ordinal);
        Assert.Equal(told[1], await second.NextAsync("queues"), StringComparer.Ordinal);
        Assert.Equal(1, _cluster.Readings);
        for (int turn = 1; turn <= 5; turn++)
        {
            _time.Advance(Period);
            string cluster = await first.NextAsync("cluster");
            Assert.NotEqual(told[0], cluster, StringComparer.Ordinal);
            Assert.Equal(cluster, await second.NextAsync("cluster"));
            Assert.Equal(1 + turn, _cluster.Readings);
        }
    }

    [Fact]
    public async Task Cluster_WhenTheLastPageIsClosed_IsReadNoMoreUntilOneIsOpenedAsync()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        OpenPage first = Open();
        OpenPage second = Open();
        string told = await first.NextAsync("cluster");
        Assert.Equal(told, await second.NextAsync("cluster"));

        await first.DisposeAsync();
        await second.DisposeAsync();
        _time.Advance(Period);
        await _time.PeriodsEndedAsync();

        Assert.Equal(1, _cluster.Readings);
        await using OpenPage third = Open();
        Assert.NotEqual(told, await third.NextAsync("cluster"), StringComparer.Ordinal); // not what was then
        Assert.Equal(2, _cluster.Readings);
    }

    [Fact]
    public async Task Reading_ThatFails_IsNotTheLastAsync()
    {
        _cluster.Failure = new TimeoutException("No silo answers.");
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await using OpenPage page = Open();
        await _cluster.AskedAsync();

        _cluster.Failure = null;
        _time.Advance(Period);

        Assert.NotEmpty(await page.NextAsync("cluster"));
        Assert.Equal(2, _cluster.Readings);
    }

    [Fact]
    public async Task Page_AfterAMinute_IsToldToAskAgainAndEndsAsync()
    {
        await using OpenPage page = Open();
        Task<SseItem<string>?> next = page.NextAsync();

        _time.Advance(ViewTime - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        SseItem<string>? last = await next;
        Assert.Equal("again", last?.EventType);
        Assert.NotEmpty(last!.Value.Data); // or a browser does not tell the page
        Assert.Null(await page.NextAsync());
    }

    [Fact]
    public async Task Page_ThatDoesNotRead_IsToldToAskAgainNeverthelessAsync()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await using OpenPage slow = Open();
        await using OpenPage other = Open();
        await slow.NextAsync("cluster");
        for (int turn = 1; turn <= 5; turn++) // more than wait for a page
        {
            await other.NextAsync("cluster");
            _time.Advance(Period);
        }

        _time.Advance(ViewTime);

        Assert.NotEmpty(await slow.NextAsync("again"));
        Assert.Null(await slow.NextAsync());
    }

    [Theory]
    [InlineData(true)] // the silo stops
    [InlineData(false)] // the connection breaks
    public async Task Page_ThatIsEnded_EndsWithoutAnExceptionAsync(bool bySilo)
    {
        using var end = new CancellationTokenSource();
        await using var page = new OpenPage(_watch.Watch(bySilo ? end.Token : default)!, bySilo ? default : end.Token);
        Task<SseItem<string>?> next = page.NextAsync();

        await end.CancelAsync();

        Assert.Null(await next);
    }

    [Fact]
    public async Task Page_OneMoreThanAHundred_IsRefusedUntilAnotherOneEndsAsync()
    {
        using var end = new CancellationTokenSource();
        await using var page = new OpenPage(_watch.Watch(end.Token)!);
        Task<SseItem<string>?> next = page.NextAsync();
        Assert.All(Enumerable.Range(1, 99), _ => Assert.NotNull(_watch.Watch(CancellationToken.None)));

        Assert.Null(_watch.Watch(CancellationToken.None));

        await end.CancelAsync();
        await next;
        Assert.NotNull(_watch.Watch(CancellationToken.None));
        Assert.Null(_watch.Watch(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        _cluster.Dispose();
        _time.Dispose();
    }

    private OpenPage Open() => new(_watch.Watch(CancellationToken.None)!);
}
