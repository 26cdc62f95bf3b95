using Microsoft.Extensions.Hosting;

namespace Granary.Client.Queues.Workers;

/// <summary>Runs a processor as long as the host.</summary>
internal sealed class HostedProcessor(Func<QueueProcessor> create) : IHostedService, IAsyncDisposable
{
    private QueueProcessor? _processor;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _processor = create();
        _processor.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _processor?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _processor?.DisposeAsync() ?? ValueTask.CompletedTask;
}
