namespace Granary.Queues;

/// <summary>Reasons that the queue itself gives. The words are Azure Service Bus's.</summary>
public static class DeadLetterReasons
{
    /// <summary>It failed <see cref="QueueOptions.MaxDeliveryCount"/> times.</summary>
    public const string MaxDeliveryCountExceeded = "MaxDeliveryCountExceeded";

    /// <summary>Its time to live ended.</summary>
    public const string TimeToLiveExpired = "TTLExpiredException";

    /// <summary>A failure, not a cause of death: nobody settled or renewed the lease in time.</summary>
    public const string LeaseExpired = "LeaseExpired";
}
