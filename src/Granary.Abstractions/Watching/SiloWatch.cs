namespace Granary.Watching;

/// <summary>What is heard of one silo. Thread-safe.</summary>
/// <param name="bound">How long what was heard counts. Timestamp ticks.</param>
public sealed class SiloWatch(long bound)
{
    private long _heardUntil = long.MinValue;

    /// <summary>Whether the silo would have told of changes up to a moment ago.</summary>
    /// <param name="now">A timestamp.</param>
    public bool IsHeard(long now) => now < Volatile.Read(ref _heardUntil);

    /// <summary>It has told all that was changed until it was asked.</summary>
    /// <param name="asked">A timestamp: before the request left.</param>
    public void Heard(long asked) => Volatile.Write(ref _heardUntil, asked + bound);

    /// <summary>It is not heard any more.</summary>
    public void Lose() => Volatile.Write(ref _heardUntil, long.MinValue);
}
