using Granary.Client.Tests.Doubles;
using Granary.Wire;

namespace Granary.Client.Tests;

public sealed class MergingTests
{
    [Fact]
    public async Task Get_WhileMessageIsHeld_LeavesWithTheOthersAsOneMessage()
    {
        using FakeCluster cluster =
            await new FakeCluster(configure: o => o.MessagesInFlightPerSilo = 1).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = number => number == 0 ? gate.Task : Task.CompletedTask;

        Task first = cluster.Cache.GetAsync<string>("first").AsTask();
        await cluster.Silo.MessageArrivedAsync();
        Task[] rest = [.. Enumerable.Range(0, 100).Select(i => cluster.Cache.GetAsync<string>($"key{i}").AsTask())];
        Assert.Single(cluster.Silo.Messages);
        gate.SetResult();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal(2, cluster.Silo.Messages.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"key{i}"), cluster.Silo.Messages[1]);
    }

    [Fact]
    public async Task Get_WithFreeMessage_LeavesAtOnce()
    {
        using FakeCluster cluster =
            await new FakeCluster(configure: o => o.MessagesInFlightPerSilo = 2).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = _ => gate.Task;

        Task[] gets = [.. Enumerable.Range(0, 4).Select(i => cluster.Cache.GetAsync<string>($"key{i}").AsTask())];
        Assert.Equal(2, cluster.Silo.Messages.Count);
        gate.SetResult();
        await Task.WhenAll(gets);

        Assert.Equal(3, cluster.Silo.Messages.Count);
    }

    [Fact]
    public async Task Reply_WithOthersWaiting_SendsThemBeforeItsCallersContinue()
    {
        using FakeCluster cluster =
            await new FakeCluster(configure: o => o.MessagesInFlightPerSilo = 1).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = number => number == 0 ? gate.Task : Task.CompletedTask;

        int messagesWhenContinued = 0;
        Task first = ContinueAsync();
        await cluster.Silo.MessageArrivedAsync();
        Task second = cluster.Cache.GetAsync<string>("second").AsTask();
        gate.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(2, messagesWhenContinued);

        async Task ContinueAsync()
        {
            await cluster.Cache.GetAsync<string>("first");
            messagesWhenContinued = cluster.Silo.Messages.Count;
        }
    }

    [Fact]
    public async Task Set_MoreThanOneMessageHolds_IsCutByBytes()
    {
        using FakeCluster cluster =
            await new FakeCluster(configure: o => o.MessagesInFlightPerSilo = 1).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = number => number == 0 ? gate.Task : Task.CompletedTask;
        byte[] value = new byte[WireLimits.MaxInlineValueBytes];

        Task first = cluster.Cache.DeleteAsync("first").AsTask();
        await cluster.Silo.MessageArrivedAsync();
        Task[] sets = [.. Enumerable.Range(0, 40).Select(i => cluster.Cache.SetAsync($"key{i}", value).AsTask())];
        gate.SetResult();
        await Task.WhenAll([first, .. sets]);

        Assert.Equal([1, 15, 15, 10], cluster.Silo.Messages.Select(message => message.Length));
        Assert.InRange(cluster.Silo.LongestMessageBytes, 1, WireLimits.MaxBatchBytes);
    }

    [Fact]
    public async Task GetMany_OverTwoSilos_IsOneMessageEachAndKeepsTheOrder()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"key{i}")];
        await cluster.Cache.SetManyAsync(keys.Select((key, i) => KeyValuePair.Create(key, i)));
        cluster.Silos[0].Reset();
        cluster.Silos[1].Reset();

        CacheEntry<int>[] entries = await cluster.Cache.GetManyAsync<int>([.. keys, "absent"]);

        Assert.Equal(Enumerable.Range(0, 100), entries[..100].Select(entry => entry.Value));
        Assert.False(entries[100].IsHit);
        Assert.Single(cluster.Silos[0].Messages);
        Assert.Single(cluster.Silos[1].Messages);
        Assert.All(cluster.Silos, silo => Assert.True(silo.Messages[0].Length > 20));
    }

    [Fact]
    public async Task SetMany_OverTwoSilos_IsOneMessageEach()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();

        await cluster.Cache.SetManyAsync(Enumerable.Range(0, 64).ToDictionary(i => $"key{i}", i => i));

        Assert.Equal(64, cluster.Silos.Sum(silo => Assert.Single(silo.Messages).Length));
    }

    [Fact]
    public async Task Calls_BeyondWhatMayWait_WaitForRoomAndAllComplete()
    {
        using FakeCluster cluster = await new FakeCluster(configure: o =>
        {
            o.MessagesInFlightPerSilo = 1;
            o.MaxWaitingBytesPerSilo = 1024;
        }).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = number => number == 0 ? gate.Task : Task.CompletedTask;

        Task[] sets = [.. Enumerable.Range(0, 100)
            .Select(i => cluster.Cache.SetAsync($"key{i}", new byte[100]).AsTask())];
        gate.SetResult();
        await Task.WhenAll(sets);

        Assert.All(cluster.Silo.Messages, message => Assert.InRange(message.Length, 1, 9)); // 131 bytes each
        Assert.Equal(100, cluster.Silo.Messages.Sum(message => message.Length));
    }

    [Fact]
    public async Task OneCaller_AwaitingEachOperation_ReadsItsWrites()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                await cluster.Cache.SetAsync($"caller{caller}", i);
                CacheEntry<int> entry = await cluster.Cache.GetAsync<int>($"caller{caller}");
                Assert.Equal(i, entry.Value);
            }
        })));
    }
}
