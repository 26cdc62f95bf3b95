using System.Globalization;

namespace Granary.Queues.Doors;

/// <summary>The part of a partition grain's key that names the queue.</summary>
internal static class PartitionKey
{
    private const char Separator = '/'; // no name has it

    public static string Of(QueueDefinition queue) => queue.Creation == Guid.Empty
        ? queue.Name
        : string.Create(CultureInfo.InvariantCulture, $"{queue.Name}{Separator}{queue.Creation:N}");

    public static (string Queue, Guid Creation) Read(string key)
    {
        int name = key.IndexOf(Separator, StringComparison.Ordinal);
        return name < 0 ? (key, Guid.Empty) : (key[..name], Guid.ParseExact(key.AsSpan(name + 1), "N"));
    }
}
