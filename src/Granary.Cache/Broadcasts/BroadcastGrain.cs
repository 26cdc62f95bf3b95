using Granary.Broadcasts;
using Orleans.Concurrency;

namespace Granary.Cache.Broadcasts;

[CollectionAgeLimit(Minutes = 5)] // nobody listens any more
[Reentrant] // who listens waits, and others send meanwhile
internal sealed class BroadcastGrain(TimeProvider time) : Grain, IBroadcastGrain
{
    private readonly BroadcastLog _log = new(time);

    public ValueTask SendAsync(byte[] message)
    {
        _log.Send(message);
        return default;
    }

    public ValueTask<BroadcastPart> ListenAsync(BroadcastMark heard) => _log.ListenAsync(heard);
}
