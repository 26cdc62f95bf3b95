using Microsoft.Extensions.DependencyInjection;

namespace Granary.Client.Queues.Workers;

/// <summary>Handles each message by a handler of its own, from a scope of its own.</summary>
internal sealed class ScopedHandler<THandler, TMessage>(IServiceScopeFactory scopes)
    where THandler : class, IMessageHandler<TMessage>
{
    public async Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>()
                .HandleAsync(message, context, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
