namespace Granary.Store.Memory;

/// <summary>The lanes of a store: a writer takes the one of the core it runs on.</summary>
internal sealed class LaneSet
{
    private readonly Lane[] _lanes;

    public LaneSet(SegmentPool pool, int count)
    {
        _lanes = new Lane[count];
        for (int index = 0; index < count; index++)
        {
            _lanes[index] = new Lane(pool);
        }
    }

    /// <inheritdoc cref="Lane.TryAllocate"/>
    public bool TryAllocate(int bytes, int shard, out Location location) =>
        _lanes[Thread.GetCurrentProcessorId() % _lanes.Length].TryAllocate(bytes, shard, out location);

    /// <summary>Ends every open segment.</summary>
    /// <returns>Whether there was any.</returns>
    public bool SealAll()
    {
        bool any = false;
        foreach (Lane lane in _lanes)
        {
            any |= lane.Seal();
        }

        return any;
    }
}
