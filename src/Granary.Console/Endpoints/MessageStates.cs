using Granary.Queues;

namespace Granary.Console.Endpoints;

/// <summary>States of messages as the page writes them; ASP.NET would want their numbers, or the capital letter.</summary>
internal static class MessageStates
{
    /// <exception cref="ArgumentException">There is no such state; the message has those that there are.</exception>
    public static MessageState Read(string? state) =>
        Enum.TryParse(state, ignoreCase: true, out MessageState found) && Enum.IsDefined(found)
            ? found
            : throw new ArgumentException(
                $"state is '{state}'; it must be one of {string.Join(", ", Enum.GetNames<MessageState>())}.", nameof(state));
}
