using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.Client.Queues.Workers;

/// <summary>Runs a processor as long as the host, with a scope and a handler of its own for each message.</summary>
internal sealed class QueueWorker<THandler, TMessage>(
    IGranaryQueues queues, IServiceScopeFactory scopes, string queue, QueueProcessorOptions options) : IHostedService, IAsyncDisposable
    where THandler : class, IMessageHandler<TMessage>
{
    private QueueProcessor? _processor;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _processor = queues.CreateProcessor(queue, HandleAsync, options);
        _processor.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _processor?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _processor?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task HandleAsync(MessageContext context, CancellationToken cancellationToken)
    {
        TMessage message;
        try
        {
            message = context.Message.As<TMessage>();
        }
        catch (FormatException exception)
        {
            // It does not become readable by trying again.
            await context.DeadLetterAsync(MessageReasons.Unreadable, exception.Message, cancellationToken).ConfigureAwait(false);
            return;
        }

        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>()
                .HandleAsync(message, context, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
