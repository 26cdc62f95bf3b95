namespace Granary.Broadcasts;

/// <summary>
/// Tells all clients that listen what one of them says, each message at most once. In the memory of one silo, within bounds:
/// who listens too slowly, or while the silo dies, misses messages. Nobody makes or removes it. Its key is what its clients
/// agree on.
/// </summary>
[Alias("granary.IBroadcastGrain")]
public interface IBroadcastGrain : IGrainWithStringKey
{
    /// <summary>The longest message. Bytes.</summary>
    const int MaxMessageBytes = 64 << 10;

    /// <summary>Says something to all who listen, the sender too if he does.</summary>
    /// <param name="message">At most <see cref="MaxMessageBytes"/>.</param>
    /// <exception cref="ArgumentException">It is longer.</exception>
    [Alias("Send"), ResponseTimeout("00:00:05")]
    ValueTask SendAsync([Immutable] byte[] message);

    /// <summary>Hears what was said; if that is nothing, waits for it a second at most.</summary>
    /// <param name="heard">Up to where (<see cref="BroadcastPart.End"/>); the default begins now.</param>
    /// <exception cref="GranaryException">Too many wait.</exception>
    [Alias("Listen"), ResponseTimeout("00:00:05")]
    ValueTask<BroadcastPart> ListenAsync(BroadcastMark heard);
}
