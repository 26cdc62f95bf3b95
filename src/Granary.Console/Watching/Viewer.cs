using System.Net.ServerSentEvents;
using System.Threading.Channels;

namespace Granary.Console.Watching;

/// <summary>One page that is open.</summary>
internal sealed class Viewer
{
    // A browser that does not read misses what is old by then.
    private const int MaxWaiting = 4;

    private readonly Channel<SseItem<string>> _events = Channel.CreateBounded<SseItem<string>>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<SseItem<string>> Events => _events.Reader;

    public void Tell(SseItem<string> item) => _events.Writer.TryWrite(item);

    /// <summary>There will be no more events.</summary>
    public void End() => _events.Writer.TryComplete();
}
