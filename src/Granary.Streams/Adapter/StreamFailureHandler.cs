using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>
/// Keeps a subscription that fails: its reader stays at the message, and the failure is counted there, with its reason
/// (<see cref="DeliveryOutcomes"/>), which an agent does not tell here.
/// </summary>
internal sealed class StreamFailureHandler : IStreamFailureHandler
{
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
        Task.CompletedTask;

    public Task OnSubscriptionFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
        Task.CompletedTask;
}
