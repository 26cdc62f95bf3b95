namespace Granary.ClusterTests.Checking.Pacing;

/// <summary>Everything is due at once: for preparing, verifying, and unit tests.</summary>
/// <param name="timeProvider">Whose time stamps are meant.</param>
/// <param name="turns">Turns until the end.</param>
internal sealed class Unpaced(TimeProvider timeProvider, long turns = long.MaxValue) : IPace
{
    private long _turns = turns;

    public ValueTask<long> NextAsync() => new(_turns-- > 0 ? timeProvider.GetTimestamp() : IPace.Over);
}
