using Granary.Queues.Doors;
using Granary.Queues.Grains;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Granary.Queues.Replies;

// At the silo that the client is connected to, which calls it first. Calls wait, and others go on meanwhile.
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 5)] // its client has gone, or asks for nothing
[Reentrant]
internal sealed class ReplyInboxGrain(QueueKeeper keeper, TimeProvider time) : Grain, IReplyInboxGrain
{
    private readonly ReplyInbox _inbox = new();

    public ValueTask PutAsync(Reply reply)
    {
        _inbox.Put(reply);
        return default;
    }

    public async ValueTask<ReplyPart> TakeAsync(ReplyMark acknowledged, TimeSpan wait, CancellationToken cancellationToken)
    {
        Requests.CheckWait(wait);
        ReplyPart part = _inbox.Take(acknowledged);
        if (part.Replies.Length > 0)
        {
            return part;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, keeper.Stopping);
        await _inbox.Arrival.WaitAsync(wait, time, ending.Token).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return _inbox.Take(acknowledged);
    }
}
