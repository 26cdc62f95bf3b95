using Granary.Queues;

namespace Granary.Reports;

/// <summary>A queue, or a subscription, as far as its partitions are on one silo.</summary>
/// <param name="Name">The queue's name, or <c>topic/subscription</c>.</param>
/// <param name="Partitions">That are open on the silo.</param>
/// <param name="Statistics">Of them.</param>
/// <param name="WaitingReceivers">Receivers that wait at the silo for a message, of whichever partition.</param>
[GenerateSerializer, Immutable, Alias("granary.QueueReport")]
public sealed record QueueReport(
    [property: Id(0)] string Name,
    [property: Id(1)] int Partitions,
    [property: Id(2)] QueueStatistics Statistics,
    [property: Id(3)] int WaitingReceivers);
