using System.Globalization;

namespace Granary.Queues;

/// <summary>Names one lease: whoever holds it may settle the message.</summary>
/// <param name="Partition">0-based.</param>
/// <param name="Offset">Of the message in its partition.</param>
/// <param name="Attempt">1 for the first lease of the message.</param>
/// <param name="Epoch">Of the owner that gave the lease.</param>
[GenerateSerializer, Immutable, Alias("granary.Receipt")]
public readonly record struct Receipt(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Offset,
    [property: Id(2)] int Attempt,
    [property: Id(3)] long Epoch)
{
    /// <summary>Where the message is.</summary>
    public MessagePosition Position => new(Partition, Offset);

    /// <summary>Four numbers with dots between, which <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Offset}.{Attempt}.{Epoch}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out Receipt receipt)
    {
        string[] parts = (text ?? "").Split('.');
        receipt = default;
        if (parts.Length != 4 || !TryRead(parts[0], out int partition) || !TryRead(parts[1], out long offset)
            || !TryRead(parts[2], out int attempt) || !TryRead(parts[3], out long epoch))
        {
            return false;
        }

        receipt = new Receipt(partition, offset, attempt, epoch);
        return true;
    }

    private static bool TryRead<T>(string part, out T number)
        where T : struct, System.Numerics.INumberBase<T> =>
        T.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
