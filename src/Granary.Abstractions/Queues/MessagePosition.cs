using System.Globalization;

namespace Granary.Queues;

/// <summary>Where a message of a queue is.</summary>
/// <param name="Partition">0-based.</param>
/// <param name="Offset">In its partition; grows with every message there, but not without gaps.</param>
[GenerateSerializer, Immutable, Alias("granary.MessagePosition")]
public readonly record struct MessagePosition([property: Id(0)] int Partition, [property: Id(1)] long Offset)
{
    /// <summary>Of a message that is not stored.</summary>
    public static MessagePosition None { get; } = new(-1, -1);

    /// <summary>Two numbers with a dot between, which <see cref="TryParse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Offset}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out MessagePosition position)
    {
        string[] parts = (text ?? "").Split('.');
        position = None;
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
        {
            return false;
        }

        position = new MessagePosition(partition, offset);
        return true;
    }
}
