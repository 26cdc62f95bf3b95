using Granary.Client.Tests.Doubles;
using Granary.Wire;
using Orleans.Runtime.Messaging;

namespace Granary.Client.Tests;

public sealed class PagingTests
{
    private const int Long = 3 << 20;

    [Theory]
    [InlineData(WireLimits.MaxInlineValueBytes, 0)]
    [InlineData(WireLimits.MaxInlineValueBytes + 1, 1)]
    [InlineData(WireLimits.PageBytes, 1)]
    [InlineData(WireLimits.PageBytes + 1, 2)]
    [InlineData(Long, 6)]
    public async Task Value_RoundTrips_ByPagesOnlyWhenLong(int length, int pages)
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        byte[] value = Pattern(length);

        await cluster.Cache.SetAsync("key", value, new EntryOptions { Flags = 7 });
        int writes = cluster.Silo.PageCalls.Count;
        CacheEntry<byte[]> entry = await cluster.Cache.GetAsync<byte[]>("key");

        Assert.Equal(value, entry.Value);
        Assert.Equal(7u, entry.Flags);
        Assert.Equal(pages, writes);
        Assert.Equal(pages * 2, cluster.Silo.PageCalls.Count);
    }

    [Fact]
    public async Task Text_LongerThanAPage_RoundTrips()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        string text = new('ä', WireLimits.PageBytes);

        Assert.True(await cluster.Cache.AddAsync("key", text));
        Assert.False(await cluster.Cache.AddAsync("key", text));

        Assert.Equal(text, (await cluster.Cache.GetAsync<string>("key")).Value);
    }

    [Fact]
    public async Task ManyValues_LongAndShort_RoundTrip()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        var values = Enumerable.Range(0, 8).ToDictionary(i => $"key{i}", i => Pattern(i % 2 == 0 ? 100 : Long / 4));

        await cluster.Cache.SetManyAsync(values);
        CacheEntry<byte[]>[] entries = await cluster.Cache.GetManyAsync<byte[]>([.. values.Keys]);

        Assert.Equal(values.Values, entries.Select(entry => entry.Value!));
    }

    [Fact]
    public async Task Value_NotOwned_GoesWhereTheShardIs()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        FakeSilo elsewhere = new(cluster.Store);
        foreach (FakeSilo silo in cluster.Silos)
        {
            silo.OverridePaged = () => CacheStatus.NotOwner;
        }

        cluster.Locate = _ => FakeCluster.Serve(elsewhere, 9);

        await cluster.Cache.SetAsync("key", Pattern(Long));
        CacheEntry<byte[]> entry = await cluster.Cache.GetAsync<byte[]>("key");

        Assert.Equal(Pattern(Long), entry.Value);
        Assert.Equal(12, elsewhere.PageCalls.Count);
    }

    [Fact]
    public async Task Write_BreaksInTheMiddle_BeginsAnew()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        int calls = 0;
        cluster.Silo.BeforePage = _ => ++calls == 3 ? throw new TimeoutException("No response.") : Task.CompletedTask;

        await cluster.Cache.SetAsync("key", Pattern(Long));

        Assert.Equal(Pattern(Long), cluster.Store["key"]!.Value);
        Assert.Equal(2, cluster.Silo.PageCalls.Count(call => call == "OpenWrite"));
    }

    [Fact]
    public async Task Write_LastAnswerLost_IsUnknown()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.BeforePage = _ =>
            cluster.Silo.PageCalls.Count == 6 ? throw new TimeoutException("No response.") : Task.CompletedTask;

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(
            () => cluster.Cache.SetAsync("key", Pattern(Long)).AsTask());
    }

    [Fact]
    public async Task Write_LastPageRejected_BeginsAnew()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.BeforePage = _ => cluster.Silo.PageCalls.Count == 6
            ? throw new ConnectionFailedException("Target silo is gone.")
            : Task.CompletedTask;

        await cluster.Cache.SetAsync("key", Pattern(Long));

        Assert.Equal(Pattern(Long), cluster.Store["key"]!.Value);
    }

    // What a silo says that was stopped while it executed, and may have been declared dead.
    [Fact]
    public async Task Write_LastPageNotVouchedFor_IsUnknown()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.BeforePage = _ =>
            cluster.Silo.PageCalls.Count == 6 ? throw new GranaryException("It was stopped.") : Task.CompletedTask;

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(
            () => cluster.Cache.SetAsync("key", Pattern(Long)).AsTask());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Write_PageNotVouchedFor_BeginsAnew(int number)
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        int calls = 0;
        cluster.Silo.BeforePage = _ =>
            ++calls == number ? throw new GranaryException("It was stopped.") : Task.CompletedTask;

        await cluster.Cache.SetAsync("key", Pattern(Long));

        Assert.Equal(Pattern(Long), cluster.Store["key"]!.Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Read_PageNotVouchedFor_BeginsAnew(int number)
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Store["key"] = new FakeEntry(Pattern(Long));
        int calls = 0;
        cluster.Silo.BeforePage = _ =>
            ++calls == number ? throw new GranaryException("It was stopped.") : Task.CompletedTask;

        Assert.Equal(Pattern(Long), (await cluster.Cache.GetAsync<byte[]>("key")).Value);
    }

    [Fact]
    public async Task Read_TransferForgotten_BeginsAnew()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Store["key"] = new FakeEntry(Pattern(Long));
        cluster.Silo.BeforePage = call =>
        {
            if (cluster.Silo.PageCalls.Count == 3)
            {
                cluster.Silo.ForgetTransfers();
            }

            return Task.CompletedTask;
        };

        Assert.Equal(Pattern(Long), (await cluster.Cache.GetAsync<byte[]>("key")).Value);
        Assert.Equal(2, cluster.Silo.PageCalls.Count(call => call == "OpenRead"));
    }

    [Fact]
    public async Task Read_Cancelled_ClosesTheTransfer()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Store["key"] = new FakeEntry(Pattern(Long));
        using var cancellation = new CancellationTokenSource();
        var closed = new TaskCompletionSource();
        cluster.Silo.BeforePage = async call =>
        {
            if (cluster.Silo.PageCalls.Count == 3)
            {
                await cancellation.CancelAsync();
            }
            else if (call == "CloseTransfer")
            {
                closed.SetResult();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cluster.Cache.GetAsync<byte[]>("key", cancellation.Token).AsTask());
        await closed.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Write_PastItsDeadline_IsClosedAndNotApplied()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.BeforePage = _ =>
        {
            if (cluster.Silo.PageCalls.Count == 3)
            {
                cluster.Time.Advance(TimeSpan.FromSeconds(10));
            }

            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<GranaryUnavailableException>(
            () => cluster.Cache.SetAsync("key", Pattern(Long)).AsTask());

        Assert.Equal("CloseTransfer", cluster.Silo.PageCalls.Last());
        Assert.Null(cluster.Store["key"]);
    }

    [Fact]
    public async Task Value_OverTheSilosLimit_SaysLengthAndLimit()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();

        var error = await Assert.ThrowsAsync<GranaryValueTooLargeException>(
            () => cluster.Cache.SetAsync("key", new byte[(8 << 20) + 1]).AsTask());

        Assert.Equal("The value of key 'key' has 8388609 bytes; the silos take at most 8388608.", error.Message);
        await cluster.Cache.SetAsync("key", new byte[8 << 20]);
    }

    private static byte[] Pattern(int length)
    {
        var value = new byte[length];
        for (int i = 0; i < length; i++)
        {
            value[i] = (byte)(i ^ (i >> 8) ^ (i >> 16));
        }

        return value;
    }
}
