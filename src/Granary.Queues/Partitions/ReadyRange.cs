using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>Adjacent messages that are ready and that nobody has had: all that is known of each is here.</summary>
/// <param name="First">Offset of the first.</param>
/// <param name="Count">At least 1.</param>
/// <param name="EnqueuedAt">Unix milliseconds, of the first; the others came within a second of it.</param>
/// <param name="ExpiresAt">Unix milliseconds, the same for all.</param>
internal readonly record struct ReadyRange(long First, long Count, long EnqueuedAt, long ExpiresAt)
{
    /// <summary>The offset after the last.</summary>
    public long End => First + Count;

    public static ReadyRange Read(ByteReader source) =>
        new(source.ReadNumber(), source.ReadNumber(), source.ReadNumber(), source.ReadNumber());

    public void Write(ByteWriter target)
    {
        target.WriteNumber(First);
        target.WriteNumber(Count);
        target.WriteNumber(EnqueuedAt);
        target.WriteNumber(ExpiresAt);
    }

    public bool Continues(ReadyRange before) =>
        before.End == First && before.ExpiresAt == ExpiresAt
        && EnqueuedAt - before.EnqueuedAt is >= 0 and < 1000;
}
