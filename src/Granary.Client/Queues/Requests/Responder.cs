using Granary.Client.Queues.Calls;
using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client.Queues.Requests;

/// <summary>Answers the requests in a queue: the handler of a processor.</summary>
internal sealed class Responder<TRequest, TReply>(
    QueueCalls calls, ValueCodec codec, Func<TRequest, CancellationToken, Task<TReply>> respond)
{
    // The reply goes before the request is completed: who dies in between leaves a request that is answered once more.
    public async Task HandleAsync(TRequest request, MessageContext context, CancellationToken cancellationToken)
    {
        TReply answer = await respond(request, cancellationToken).ConfigureAwait(false);
        if (context.Message.Content.CorrelationId is { } id
            && Guid.TryParseExact(context.Message.Content.Headers.GetValueOrDefault(MessageHeaders.ReplyTo), "N", out Guid inbox))
        {
            Reply reply = new(id, codec.EncodeAlone(answer));
            await calls
                .RunAsync(
                    async () =>
                    {
                        await calls.Access.ReplyInbox(inbox).PutAsync(reply).ConfigureAwait(false);
                        return true;
                    },
                    mayRepeat: true,
                    cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
