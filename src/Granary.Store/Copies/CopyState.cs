namespace Granary.Store.Copies;

/// <summary>What a closed shard remembers between two frames that are applied to it.</summary>
internal sealed class CopyState
{
    /// <summary>Held while a frame is applied, around the shard's own lock.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The value whose parts are coming.</summary>
    public ArrivingValue? Arriving { get; set; }

    /// <summary>Lets go of the value whose parts are coming.</summary>
    public void DropArriving_NeedsLock()
    {
        Arriving?.Dispose();
        Arriving = null;
    }
}
