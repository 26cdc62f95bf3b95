using System.Diagnostics;

namespace Granary.Client.Queues.Calls;

/// <summary>
/// The traces of messages, by OpenTelemetry's conventions for messaging: a send is a producer's span, whose context
/// travels in the header <c>traceparent</c>; the work on a message is a consumer's span below it.
/// </summary>
internal readonly struct MessageActivity(Activity? activity) : IDisposable
{
    private static readonly ActivitySource Source = new("Granary.Client");

    /// <summary>Of the span, or of what surrounds it if nobody listens; <see langword="null"/> if there is none.</summary>
    public string? TraceParent => (activity ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    public static MessageActivity Send(string queue, int messages) =>
        new(Tagged(Source.StartActivity($"send {queue}", ActivityKind.Producer), queue, "send")
            ?.SetTag("messaging.batch.message_count", messages));

    public static MessageActivity Process(string queue, ReceivedMessage message)
    {
        string? parent = message.Content.Headers.GetValueOrDefault(MessageHeaders.TraceParent);
        _ = ActivityContext.TryParse(parent, null, isRemote: true, out ActivityContext context);
        return new(Tagged(Source.StartActivity($"process {queue}", ActivityKind.Consumer, context), queue, "process")
            ?.SetTag("messaging.message.id", message.MessageId)
            .SetTag("messaging.granary.delivery_count", message.DeliveryCount));
    }

    /// <summary>The work failed.</summary>
    public void Fail(Exception exception) =>
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message).SetTag("error.type", exception.GetType().FullName);

    public void Dispose() => activity?.Dispose();

    private static Activity? Tagged(Activity? activity, string queue, string operation) =>
        activity
            ?.SetTag("messaging.system", "granary")
            .SetTag("messaging.destination.name", queue)
            .SetTag("messaging.operation.name", operation);
}
