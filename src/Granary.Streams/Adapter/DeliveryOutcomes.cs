using Granary.Streams.Inbox;

namespace Granary.Streams.Adapter;

// An agent does not tell its cache all that becomes of a delivery: when a subscription is resumed while one is under way, as
// happens whenever a delivery activates its subscriber, a failure of it is passed over, and the next message is asked for.
// And it tells nobody why a delivery has failed. So the calls by which it delivers are watched.

/// <summary>Notes on each message that leaves an agent what its subscriber has answered.</summary>
internal sealed class DeliveryOutcomes : IOutgoingGrainCallFilter
{
    private const string Delivery = "DeliverBatch"; // of IStreamConsumerExtension
    private const int BatchArgument = 2;

    // Every call of the silo comes by.
    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.MethodName == Delivery && BatchOf(context)?.Attempt is { } attempt
            ? WatchAsync(context, attempt)
            : context.Invoke();

    private static async Task WatchAsync(IOutgoingGrainCallContext context, DeliveryAttempt attempt)
    {
        try
        {
            await context.Invoke();
            attempt.Deliver();
        }
        catch (Exception exception)
        {
            attempt.Fail($"{exception.GetType().Name}: {exception.Message}", !IsUnreached(exception));
            throw;
        }
    }

    private static StreamBatch? BatchOf(IOutgoingGrainCallContext context) =>
        context.Request.GetArgumentCount() > BatchArgument
            ? context.Request.GetArgument(BatchArgument) as StreamBatch
            : null;

    // Its silo has died or is leaving, or it is a client that has gone.
    private static bool IsUnreached(Exception exception) =>
        exception is SiloUnavailableException or OrleansMessageRejectionException or ClientNotAvailableException;
}
