using System.Diagnostics;

namespace Granary.Client.Queues.Calls;

/// <summary>
/// The traces of messages, by OpenTelemetry's conventions for messaging: a send is a producer's span, whose context
/// travels in the header <c>traceparent</c>; the work on a message is a consumer's span below it. A receive has links to the
/// sends.
/// </summary>
internal readonly struct MessageActivity(Activity? activity) : IDisposable
{
    private const int MaxLinks = 128; // OpenTelemetry's own bound

    /// <summary>Of the span, or of what surrounds it if nobody listens; <see langword="null"/> if there is none.</summary>
    public string? TraceParent => (activity ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    public static MessageActivity Send(string queue, int messages) =>
        new(Tagged(ClientTelemetry.Source.StartActivity($"send {queue}", ActivityKind.Producer), queue, "send")
            ?.SetTag("messaging.batch.message_count", messages));

    /// <summary>
    /// Messages have come: a client's span from when they were asked for, with links to their sends. It is made when it is
    /// over, so that waiting for nothing leaves none.
    /// </summary>
    public static void Received(string queue, IReadOnlyList<ReceivedMessage> messages, DateTimeOffset since)
    {
        if (messages.Count == 0 || !ClientTelemetry.Source.HasListeners())
        {
            return;
        }

        IEnumerable<ActivityLink> links = messages
            .Take(MaxLinks)
            .Select(static message =>
                ActivityContext.TryParse(ParentOf(message), null, isRemote: true, out ActivityContext context) ? context : default)
            .Where(static context => context != default)
            .Select(static context => new ActivityLink(context));
        using Activity? activity = ClientTelemetry.Source.StartActivity(
            $"receive {queue}", ActivityKind.Client, parentContext: default, tags: null, links, since);
        Tagged(activity, queue, "receive")?.SetTag("messaging.batch.message_count", messages.Count);
    }

    public static MessageActivity Process(string queue, ReceivedMessage message)
    {
        _ = ActivityContext.TryParse(ParentOf(message), null, isRemote: true, out ActivityContext context);
        return new(Tagged(ClientTelemetry.Source.StartActivity($"process {queue}", ActivityKind.Consumer, context), queue, "process")
            ?.SetTag("messaging.message.id", message.MessageId)
            .SetTag("messaging.granary.delivery_count", message.DeliveryCount));
    }

    /// <summary>The work failed.</summary>
    public void Fail(Exception exception) => ClientTelemetry.Fail(activity, exception);

    public void Dispose() => activity?.Dispose();

    private static string? ParentOf(ReceivedMessage message)
    {
        try
        {
            return message.Content.Headers.GetValueOrDefault(MessageHeaders.TraceParent);
        }
        catch (FormatException)
        {
            return null; // of a sender that is none of ours
        }
    }

    private static Activity? Tagged(Activity? activity, string queue, string operation) =>
        activity
            ?.SetTag("messaging.system", "granary")
            .SetTag("messaging.destination.name", queue)
            .SetTag("messaging.operation.name", operation);
}
