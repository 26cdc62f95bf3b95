namespace Granary.Cache.Copies;

/// <summary>What is under way to other silos.</summary>
/// <param name="Moving">Shards that are on their way.</param>
/// <param name="MovingBytesLeft">What of them has not left yet; an estimate.</param>
/// <param name="Protected">Shards whose replica is complete.</param>
internal readonly record struct CopyProgress(int Moving, long MovingBytesLeft, int Protected)
{
    public static CopyProgress operator +(CopyProgress left, CopyProgress right) => new(
        left.Moving + right.Moving,
        left.MovingBytesLeft + right.MovingBytesLeft,
        left.Protected + right.Protected);
}
