namespace Granary.ClusterTests.Checking.Pacing;

/// <summary>Says when a worker's next operation is due.</summary>
internal interface IPace
{
    /// <summary>No further turn: the run is over.</summary>
    const long Over = -1;

    /// <summary>Waits until the next operation is due.</summary>
    /// <returns>When it was due, as a time stamp, which is before now if the worker is late; or <see cref="Over"/>.</returns>
    ValueTask<long> NextAsync();
}
