using Granary.Broadcasts;
using Granary.Cache.Broadcasts;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Broadcasts;

public sealed class BroadcastLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BroadcastLog _log;

    public BroadcastLogTests()
    {
        _log = new BroadcastLog(_time);
    }

    [Fact]
    public async Task Listen_ForTheFirstTime_TellsNothingOfBeforeAsync()
    {
        _log.Send([1]);

        BroadcastPart part = await _log.ListenAsync(default);

        Assert.Empty(part.Messages);
        Assert.False(part.HasGap);
        Assert.NotEqual(default, part.End);
    }

    [Fact]
    public async Task Messages_AreToldToEachListener_OnceAndInOrderAsync()
    {
        BroadcastMark one = (await _log.ListenAsync(default)).End;
        _log.Send([1]);
        BroadcastMark two = (await _log.ListenAsync(default)).End;
        _log.Send([2]);
        _log.Send([3]);

        BroadcastPart toOne = await _log.ListenAsync(one);
        BroadcastPart toTwo = await _log.ListenAsync(two);

        Assert.Equal([1, 2, 3], toOne.Messages.Select(static message => message[0]));
        Assert.Equal([2, 3], toTwo.Messages.Select(static message => message[0]));
        Assert.False(toOne.HasGap || toTwo.HasGap);
        Assert.False(_log.ListenAsync(toOne.End).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Listen_WhenNothingWasSaid_WaitsForTheNextAsync()
    {
        BroadcastMark heard = (await _log.ListenAsync(default)).End;
        Task<BroadcastPart>[] listening = [.. Enumerable.Range(0, 3).Select(_ => _log.ListenAsync(heard).AsTask())];
        Assert.All(listening, static task => Assert.False(task.IsCompleted));

        _log.Send([1]);

        Assert.All(await Task.WhenAll(listening), static part => Assert.Equal([1], Assert.Single(part.Messages)));
    }

    [Fact]
    public async Task Listen_WhenNothingIsSaid_EndsAfterASecondAsync()
    {
        BroadcastMark heard = (await _log.ListenAsync(default)).End;
        Task<BroadcastPart> listening = _log.ListenAsync(heard).AsTask();

        _time.Advance(TimeSpan.FromSeconds(1));

        BroadcastPart part = await listening;
        Assert.Equal((heard, false), (part.End, part.HasGap));
        Assert.Empty(part.Messages);
    }

    [Theory]
    [InlineData(BroadcastLog.MaxMessages, 1, false)]
    [InlineData(BroadcastLog.MaxMessages + 1, 1, true)]
    [InlineData(BroadcastLog.MaxBytes / IBroadcastGrain.MaxMessageBytes, IBroadcastGrain.MaxMessageBytes, false)]
    [InlineData((BroadcastLog.MaxBytes / IBroadcastGrain.MaxMessageBytes) + 1, IBroadcastGrain.MaxMessageBytes, true)]
    public async Task Listener_WhoIsTooFarBehind_IsToldSoAsync(int messages, int messageBytes, bool hasGap)
    {
        BroadcastMark heard = (await _log.ListenAsync(default)).End;
        for (int number = 0; number < messages; number++)
        {
            _log.Send(new byte[messageBytes]);
        }

        BroadcastPart part = await _log.ListenAsync(heard);

        Assert.Equal(hasGap, part.HasGap);
        Assert.Equal(hasGap ? messages - 1 : messages, part.Messages.Length);
        Assert.False((await _log.ListenAsync(part.End with { Count = part.End.Count - 1 })).HasGap);
    }

    [Fact]
    public async Task Listener_OfAnotherLog_HearsAllOfThisOneAndOfTheGapAsync()
    {
        BroadcastMark heard = (await new BroadcastLog(_time).ListenAsync(default)).End;
        _log.Send([1]);

        BroadcastPart part = await _log.ListenAsync(heard);

        Assert.True(part.HasGap);
        Assert.Equal([1], Assert.Single(part.Messages));
    }

    [Fact]
    public async Task Listeners_WhoWait_AreBoundedAsync()
    {
        BroadcastMark heard = (await _log.ListenAsync(default)).End;
        Task<BroadcastPart>[] listening = [.. Enumerable.Range(0, 1024).Select(_ => _log.ListenAsync(heard).AsTask())];

        await Assert.ThrowsAsync<GranaryException>(() => _log.ListenAsync(heard).AsTask());

        _log.Send([1]);
        await Task.WhenAll(listening);
        Assert.Single((await _log.ListenAsync(heard)).Messages);
    }

    [Fact]
    public void Message_ThatIsTooLong_IsRefused()
    {
        _log.Send(new byte[IBroadcastGrain.MaxMessageBytes]);

        Assert.Throws<ArgumentException>(() => _log.Send(new byte[IBroadcastGrain.MaxMessageBytes + 1]));
    }
}
