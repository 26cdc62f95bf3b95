namespace Granary.Streams.Inbox;

/// <summary>How much more an inbox may hold, in all and of one stream. One thread.</summary>
internal sealed class InboxRoom(InboxLimits limits, HeldMessages held, LanePark park)
{
    // Of the room that is left one stream may fill so little that others find some.
    private const int QuotaShare = 4;

    /// <summary>Messages that may be held beside those that are.</summary>
    public int Free => Math.Max(0, limits.Messages - held.Count);

    /// <summary>Messages that may be received now. What was given back as failed is wanted in any case.</summary>
    public int Receivable => Math.Max(held.LostCount, held.LengthBytes >= limits.Bytes || park.IsFull ? 0 : Free);

    /// <summary>Messages of one stream.</summary>
    public int Quota => Math.Max(1, Free / QuotaShare);

    /// <summary>Their bytes.</summary>
    public long QuotaBytes => Math.Max(0, limits.Bytes - held.LengthBytes) / QuotaShare;

    /// <summary>Whether a message that is held already may go into its lane. The first one may.</summary>
    public bool Admits(StreamLane lane, HeldMessage message) =>
        lane.Messages.Count == 0
            || (lane.Messages.Count < Quota && lane.LengthBytes + message.LengthBytes <= QuotaBytes);
}
