namespace Granary.Queues.Logs;

/// <summary>What the log holds is not what was written. The partition is quarantined: nothing is read past the damage.</summary>
public sealed class QueueDamagedException(LogDamage damage)
    : Exception($"Partition {damage.Partition} is damaged at offset {damage.Offset}: {damage.Reason}")
{
    /// <summary>What was found.</summary>
    public LogDamage Damage { get; } = damage;
}
