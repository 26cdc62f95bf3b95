using Orleans.Runtime.Providers;

namespace Granary.Streams.Adapter;

// An agent tries a delivery again and again by itself, counts nothing of it, and after a minute passes the message over. Here
// each attempt is to end with the first failure: the agent asks after a pause whether there is time for a second one, and
// there is none. What failed is then counted by the queue, and offered again when it is due.

/// <summary>Ends the attempts of an agent to deliver a message, or to ask a subscriber, with the first.</summary>
internal sealed class OneAttempt : IMessageDeliveryBackoffProvider
{
    /// <summary>What an agent may take for all attempts. Longer than any pause of a process before the first one.</summary>
    public static readonly TimeSpan DeliveryTime = TimeSpan.FromMilliseconds(100);

    public TimeSpan Next(int attempt) => DeliveryTime + TimeSpan.FromMilliseconds(20);
}
