using System.Globalization;

namespace Granary.Queues.Doors;

/// <summary>The part of a partition grain's key that names the queue, or the subscription, and its creation.</summary>
internal static class PartitionKey
{
    private const char Separator = '/'; // no name has it, but between a topic and a subscription

    public static string Of(string name, Guid creation) => creation == Guid.Empty
        ? name
        : string.Create(CultureInfo.InvariantCulture, $"{name}{Separator}{creation:N}");

    public static (string Name, Guid Creation) Read(string key)
    {
        int name = key.LastIndexOf(Separator);
        return name < 0 ? (key, Guid.Empty) : (key[..name], Guid.ParseExact(key.AsSpan(name + 1), "N"));
    }
}
