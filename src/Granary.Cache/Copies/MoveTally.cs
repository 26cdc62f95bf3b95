namespace Granary.Cache.Copies;

/// <summary>The moves that a silo has made.</summary>
/// <param name="Count">Shards whose target has everything, and was told to serve.</param>
/// <param name="Time">How long those took, one added to the other.</param>
internal readonly record struct MoveTally(long Count, TimeSpan Time)
{
    public MoveTally Add(TimeSpan time) => new(Count + 1, Time + time);
}
