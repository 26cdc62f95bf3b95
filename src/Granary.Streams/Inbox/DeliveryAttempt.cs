namespace Granary.Streams.Inbox;

/// <summary>What became of giving a message to one subscription, as far as is known. One thread.</summary>
internal sealed class DeliveryAttempt
{
    /// <summary>The subscriber has had it, and returned.</summary>
    public bool IsDelivered { get; private set; }

    /// <summary>It could not be given, or the subscriber threw: why. <see langword="null"/>: not so.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the failure is the message's: the subscriber threw, or did not return in time.</summary>
    public bool IsCounted { get; private set; }

    public void Deliver()
    {
        IsDelivered = true;
        Failure = null;
    }

    /// <param name="reason">For the message's history.</param>
    /// <param name="isCounted">False: nobody was reached, and the message is not to blame.</param>
    public void Fail(string reason, bool isCounted)
    {
        Failure = reason;
        IsCounted = isCounted;
    }
}
