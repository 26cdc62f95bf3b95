using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Outcomes;
using Granary.Queues;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The name of a queue or a subscription that has to be there: a look must not make a queue, as its use does.</summary>
internal sealed class QueueArgument
{
    private readonly Argument<string> _name = new("NAME") { Description = "A queue, or TOPIC/SUBSCRIPTION." };

    /// <summary>To be added to a command.</summary>
    public Symbol Symbol => _name;

    /// <summary>Its name, if it is there.</summary>
    /// <exception cref="VerbException">It is not, or it is a topic.</exception>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public async Task<string> FindAsync(ParseResult line, IQueueAdministration administration, CancellationToken cancellationToken)
    {
        string name = line.GetValue(_name)!;
        SubscriptionName.Check(name);
        (string queue, string? subscription) = SubscriptionName.Read(name);
        QueueDefinition definition = await administration.FindAsync(queue, cancellationToken)
            ?? throw new VerbException($"There is no queue '{queue}'; 'queue list' shows those that there are.", ExitCodes.No);
        if (subscription is not null && definition.Find(subscription) is null)
        {
            throw new VerbException($"'{queue}' has no subscription '{subscription}'; {SubscriptionsOf(definition)}.", ExitCodes.No);
        }

        return subscription is null && definition.Topic is not null
            ? throw new VerbException($"'{queue}' is a topic: name one of its subscriptions; {SubscriptionsOf(definition)}.", ExitCodes.WrongCommandLine)
            : name;
    }

    private static string SubscriptionsOf(QueueDefinition definition) => definition.Subscriptions.Count == 0
        ? "it has none"
        : $"there are {string.Join(", ", definition.Subscriptions.Select(one => SubscriptionName.Of(definition.Name, one.Name)))}";
}
