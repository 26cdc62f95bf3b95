namespace Granary.Cache.Copies;

/// <summary>How long the moves of this silo's shards still take, by how fast they have gone. Thread-safe.</summary>
internal sealed class MoveEstimate(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _began;
    private long _bytesAtBegin;

    /// <summary>Seconds left, rounded up; 0 if nothing moves or nothing is known yet.</summary>
    /// <param name="bytesLeft">What has not left yet. More than before begins a new estimate.</param>
    public long SecondsLeft(long bytesLeft)
    {
        lock (_lock)
        {
            if (bytesLeft == 0 || bytesLeft > _bytesAtBegin)
            {
                _began = time.GetTimestamp();
                _bytesAtBegin = bytesLeft;
            }

            long gone = _bytesAtBegin - bytesLeft;
            return gone == 0 ? 0 : (long)Math.Ceiling(time.GetElapsedTime(_began).TotalSeconds * bytesLeft / gone);
        }
    }
}
