using Granary.Queues;
using Granary.Streams.Adapter;
using Granary.Streams.Partitions;
using Granary.Streams.Tests.Silos;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Granary.Streams.Tests.Life;

/// <summary>A subscriber's life on one silo: subscribes, fails, sleeps, leaves, comes back.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class SubscriberTests(OneSilo one)
{
    private readonly TestSilo _silo = one.Silo;
    private readonly string _stream = $"{Guid.NewGuid():N}";

    [Fact]
    public async Task Events_ComeToAnImplicitSubscriber_InOrder()
    {
        await SendAsync(_silo.Implicit(_stream), 1, 10);

        Assert.Equal(Enumerable.Range(1, 10), await Seen.WaitAsync(_stream, ImplicitSubscriber.Namespace, 10));
    }

    [Fact]
    public async Task Events_ComeToEachExplicitSubscriber_InOrder()
    {
        await _silo.SubscribeAsync(_stream, "one");
        await _silo.SubscribeAsync(_stream, "two");

        await SendAsync(_silo.Explicit(_stream), 1, 10);

        Assert.Equal(Enumerable.Range(1, 10), await Seen.WaitAsync(_stream, "one", 10));
        Assert.Equal(Enumerable.Range(1, 10), await Seen.WaitAsync(_stream, "two", 10));
    }

    [Fact]
    public async Task Events_SentTogether_ComeTogether()
    {
        await _silo.SubscribeAsync(_stream, "one");

        await _silo.Explicit(_stream).OnNextBatchAsync([1, 2, 3]);

        Assert.Equal([1, 2, 3], await Seen.WaitAsync(_stream, "one", 3));
    }

    [Fact]
    public async Task Event_ThatASubscriberFailsWith_ComesAgainToItAlone_BeforeTheNext()
    {
        await _silo.SubscribeAsync(_stream, "good");
        await _silo.SubscribeAsync(_stream, "bad");
        FailTimes("bad", number: 2, times: 2);

        await SendAsync(_silo.Explicit(_stream), 1, 5);

        Assert.Equal(Enumerable.Range(1, 5), await Seen.WaitAsync(_stream, "bad", 5));
        Assert.Equal(Enumerable.Range(1, 5), Seen.By(_stream, "good"));
    }

    // The delivery activates the subscriber, which resumes its subscription meanwhile: then the agent passes over a failure.
    [Fact]
    public async Task Event_ThatWakesASubscriberWhichFails_ComesAgain()
    {
        IExplicitSubscriber subscriber = await _silo.SubscribeAsync(_stream, "one");
        await SendAsync(_silo.Explicit(_stream), 1, 1);
        await Seen.WaitAsync(_stream, "one", 1);
        await subscriber.DeactivateAsync();
        FailTimes("one", number: 2, times: 1);

        await SendAsync(_silo.Explicit(_stream), 2, 3);

        Assert.Equal([1, 2, 3], await Seen.WaitAsync(_stream, "one", 3));
    }

    [Fact]
    public async Task Subscriber_ThatSleepsAndWakes_MissesNothing()
    {
        IExplicitSubscriber subscriber = await _silo.SubscribeAsync(_stream, "one");

        for (int number = 1; number <= 6; number++)
        {
            await SendAsync(_silo.Explicit(_stream), number, number);
            await subscriber.DeactivateAsync();
        }

        Assert.Equal(Enumerable.Range(1, 6), (await Seen.WaitAsync(_stream, "one", 6)).Distinct());
    }

    [Fact]
    public async Task Events_OfAStreamWithoutSubscriptions_WaitForTheFirst()
    {
        await SendAsync(_silo.Explicit(_stream), 1, 5);
        await Counted.WaitAsync(_silo, TestSilo.Durable, counts => counts.Deferred >= 5);
        await _silo.SubscribeAsync(_stream, "late");

        await SendAsync(_silo.Explicit(_stream), 6, 6);

        Assert.Equal(Enumerable.Range(1, 6), await Seen.WaitAsync(_stream, "late", 6));
    }

    [Fact]
    public async Task Subscriber_ThatLeaves_GetsNothingAnyMore_AndTheNextGetsWhatCame()
    {
        IExplicitSubscriber first = await _silo.SubscribeAsync(_stream, "first");
        await SendAsync(_silo.Explicit(_stream), 1, 2);
        await Seen.WaitAsync(_stream, "first", 2);
        await first.UnsubscribeAsync();

        await SendAsync(_silo.Explicit(_stream), 3, 4);
        await Counted.WaitAsync(_silo, TestSilo.Durable, counts => counts.Deferred >= 2);
        await _silo.SubscribeAsync(_stream, "second");

        Assert.Equal([3, 4], await Seen.WaitAsync(_stream, "second", 2));
        Assert.Equal([1, 2], Seen.By(_stream, "first"));
    }

    [Fact]
    public async Task Stream_WhoseSubscriberHangsOrFails_HoldsUpNoOther()
    {
        TaskCompletionSource hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string slow = $"{_stream}-slow";
        string failing = $"{_stream}-failing";
        await _silo.SubscribeAsync(_stream, "quick");
        await _silo.SubscribeAsync(slow, "slow");
        await _silo.SubscribeAsync(failing, "failing");
        await SendAsync(_silo.Explicit(slow), 0, 0);
        await Seen.WaitAsync(slow, "slow", 1);
        Seen.Behave(slow, (_, _) => hanging.Task);
        Seen.Behave(failing, static (_, _) => throw new InvalidOperationException("always"));

        await SendAsync(_silo.Explicit(slow), 1, 3);
        await SendAsync(_silo.Explicit(failing), 1, 3);
        await SendAsync(_silo.Explicit(_stream), 1, 50);

        Assert.Equal(Enumerable.Range(1, 50), await Seen.WaitAsync(_stream, "quick", 50));
        hanging.SetResult();
        Assert.Equal([0, 1, 2, 3], await Seen.WaitAsync(slow, "slow", 4));
    }

    [Fact]
    public async Task Event_ThatFailsTooOften_IsADeadLetterWithTheReason_AndTheStreamGoesOn()
    {
        await _silo.SubscribeAsync(_stream, "one");
        Seen.Behave(_stream, static (_, number) =>
            number == 1 ? throw new InvalidOperationException("one is not wanted") : Task.CompletedTask);

        await SendAsync(_silo.Explicit(_stream), 1, 3);

        Assert.Equal([2, 3], await Seen.WaitAsync(_stream, "one", 2));
        Assert.Contains(
            await Counted.DeadAsync(_silo, TestSilo.Durable),
            dead => dead.Failures.Count > 0 && dead.Failures[0].Reason == "InvalidOperationException: one is not wanted");
    }

    // What it fails with is given back meanwhile, and not given out: it is not somebody else's.
    [Fact]
    public async Task Event_ThatFailsWhileTheQueueIsPaused_ComesAgainBeforeTheNext()
    {
        IQueueCatalogGrain catalog = _silo.Grains.GetGrain<IQueueCatalogGrain>(0);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int times = 1;
        await _silo.SubscribeAsync(_stream, "one");
        Seen.Behave(_stream, async (_, number) =>
        {
            if (number == 2 && Interlocked.Decrement(ref times) >= 0)
            {
                begun.SetResult();
                await paused.Task;
                throw new InvalidOperationException("not yet");
            }
        });
        await SendAsync(_silo.Explicit(_stream), 1, 5);
        await begun.Task;

        Assert.True(await catalog.SetPausedAsync(ProviderQueue.NameOf(TestSilo.Durable), true));
        try
        {
            paused.SetResult();
            await Counted.WaitAsync(_silo, TestSilo.Durable, static counts => counts.Ready > 0);
            await SendAsync(_silo.Explicit(_stream), 6, 7);
            await Task.Delay(TimeSpan.FromSeconds(1)); // many times what it takes to come again
            Assert.Equal([1], Seen.By(_stream, "one"));
        }
        finally
        {
            await catalog.SetPausedAsync(ProviderQueue.NameOf(TestSilo.Durable), false);
        }

        Assert.Equal(Enumerable.Range(1, 7), await Seen.WaitAsync(_stream, "one", 7));
    }

    [Fact]
    public async Task Event_OfAnotherType_IsADeadLetter_AndNotPassedOver()
    {
        await _silo.SubscribeAsync(_stream, "one");
        StreamAdapter adapter = _silo.Services.GetRequiredKeyedService<StreamAdapter>(TestSilo.Durable);

        await adapter.QueueMessageBatchAsync(_silo.Explicit(_stream).StreamId, ["no number"], null, null);
        await SendAsync(_silo.Explicit(_stream), 1, 1);

        Assert.Equal([1], await Seen.WaitAsync(_stream, "one", 1));
        Assert.Contains(
            await Counted.DeadAsync(_silo, TestSilo.Durable),
            dead => dead.Details?.StartsWith("InvalidCastException", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task RequestContext_OfTheProducer_ComesToTheSubscriber()
    {
        await _silo.SubscribeAsync(_stream, "one");
        string? seen = null;
        Seen.Behave(_stream, (_, _) =>
        {
            seen = RequestContext.Get("who") as string;
            return Task.CompletedTask;
        });

        RequestContext.Set("who", "me");
        await SendAsync(_silo.Explicit(_stream), 1, 1);
        RequestContext.Clear();

        await Seen.WaitAsync(_stream, "one", 1);
        Assert.Equal("me", seen);
    }

    [Fact]
    public async Task Event_LongerThanAMessage_IsRefused()
    {
        await Assert.ThrowsAsync<GranaryValueTooLargeException>(
            () => _silo.TextStream(_stream).OnNextAsync(new string('x', 2 << 20)));
    }

    private static async Task SendAsync(IAsyncStream<int> stream, int first, int last)
    {
        for (int number = first; number <= last; number++)
        {
            await stream.OnNextAsync(number);
        }
    }

    private void FailTimes(string subscriber, int number, int times) => Seen.Behave(_stream, (who, value) =>
        who == subscriber && value == number && Interlocked.Decrement(ref times) >= 0
            ? throw new InvalidOperationException("not yet")
            : Task.CompletedTask);
}
