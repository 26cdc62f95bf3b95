namespace Granary.Queues;

/// <summary>What a send meets when its partition is full.</summary>
public enum OverflowPolicy
{
    /// <summary>It is refused.</summary>
    RejectNew,

    /// <summary>It waits for room, in turn.</summary>
    Wait,
}
