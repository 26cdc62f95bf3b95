using System.CommandLine;
using Granary.Queues;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>Where messages are in their lives.</summary>
internal static class StateOption
{
    /// <param name="description">For help.</param>
    /// <param name="states">Those that make sense.</param>
    public static Option<string> Create(string description, params MessageState[] states)
    {
        string[] names = [.. states.Select(NameOf)];
        var option = new Option<string>("--state") { Description = description, HelpName = string.Join('|', names) };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    public static MessageState Read(string name) => Enum.Parse<MessageState>(name, ignoreCase: true);

    public static string NameOf(MessageState state) => $"{state}".ToLowerInvariant();
}
