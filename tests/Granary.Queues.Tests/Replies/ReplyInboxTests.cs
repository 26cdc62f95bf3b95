using Granary.Queues.Replies;

namespace Granary.Queues.Tests.Replies;

public sealed class ReplyInboxTests
{
    private readonly ReplyInbox _inbox = new();

    [Fact]
    public void Reply_IsToldUntilItIsAcknowledged()
    {
        _inbox.Put(Reply("a"));
        _inbox.Put(Reply("b"));
        ReplyPart first = _inbox.Take(default);
        _inbox.Put(Reply("c"));

        Assert.Equal("a b c", Names(_inbox.Take(default)));
        Assert.Equal("c", Names(_inbox.Take(first.End)));
        ReplyPart last = _inbox.Take(first.End);
        Assert.Empty(_inbox.Take(last.End).Replies);
        Assert.Equal(2, first.Replies.Length);
    }

    [Fact]
    public void Reply_IsNotAcknowledgedByWhatAnotherInboxHasGiven()
    {
        ReplyInbox other = new();
        other.Put(Reply("other"));
        _inbox.Put(Reply("a"));

        Assert.Equal("a", Names(_inbox.Take(other.Take(default).End)));
    }

    [Fact]
    public void Replies_OfOneCall_AreCut()
    {
        for (int number = 0; number < 4; number++)
        {
            _inbox.Put(Reply("long", 200 << 10));
        }

        ReplyPart first = _inbox.Take(default);

        Assert.Equal(2, first.Replies.Length);
        Assert.Equal(2, _inbox.Take(first.End).Replies.Length);
    }

    [Theory]
    [InlineData(1, 16_384)]
    [InlineData(512 << 10, 64)]
    public void Replies_ThatNobodyTakes_AreBounded(int bytes, int most)
    {
        for (int number = 0; number < most; number++)
        {
            _inbox.Put(Reply("any", bytes));
        }

        Assert.Throws<GranaryUnavailableException>(() => _inbox.Put(Reply("more", bytes)));
        _inbox.Take(_inbox.Take(default).End);
        _inbox.Put(Reply("more", bytes));
    }

    [Fact]
    public async Task Arrival_EndsWithTheNextReplyAsync()
    {
        Task arrival = _inbox.Arrival;
        Assert.False(arrival.IsCompleted);

        _inbox.Put(Reply("a"));

        await arrival;
        Assert.False(_inbox.Arrival.IsCompleted);
    }

    private static Reply Reply(string id, int bytes = 1) => new(id, new byte[bytes]);

    private static string Names(ReplyPart part) => string.Join(' ', part.Replies.Select(reply => reply.CorrelationId));
}
