using System.Collections.Concurrent;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Queues;

/// <summary>A worker as an application adds it.</summary>
public sealed class QueueWorkerTests : IDisposable
{
    private readonly FakeQueue _queue = new();

    [Fact]
    public async Task Worker_HandlesEachMessageInAScopeOfItsOwnAsync()
    {
        await using ServiceProvider services = Services();
        _queue.Add(2);

        await RunUntilSettledAsync(services, messages: 2);

        Assert.Equal(["Complete 0", "Complete 1"], _queue.Settled);
        Order[] handled = [.. services.GetRequiredService<Orders>().Handled];
        Assert.Equal([0, 1], handled.Select(static one => one.Number));
        Assert.NotSame(handled[0].Scope, handled[1].Scope);
        Assert.All(handled, static one => Assert.True(one.Scope.IsDisposed));
    }

    [Fact]
    public async Task Message_ThatTheHandlerCannotRead_IsADeadLetterAsync()
    {
        await using ServiceProvider services = Services();
        _queue.AddText("no number");

        await RunUntilSettledAsync(services, messages: 1);

        Assert.Equal(["DeadLetter 0"], _queue.Settled);
        Assert.Empty(services.GetRequiredService<Orders>().Handled);
    }

    public void Dispose() => _queue.Dispose();

    private async Task RunUntilSettledAsync(ServiceProvider services, int messages)
    {
        IHostedService worker = services.GetRequiredService<IHostedService>();
        await worker.StartAsync(TestContext.Current.CancellationToken);
        for (int message = 0; message < messages; message++)
        {
            await _queue.SettlementAsync();
        }

        Task stopping = worker.StopAsync(TestContext.Current.CancellationToken);
        _queue.Close();
        await stopping;
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddSingleton(_queue.ClientOf(new FakeTimeProvider()))
        .AddSingleton<Orders>()
        .AddScoped<Scope>()
        .AddQueueWorker<Handler, int>("orders")
        .BuildServiceProvider();

    private sealed record Order(int Number, Scope Scope);

    private sealed class Orders
    {
        public ConcurrentQueue<Order> Handled { get; } = [];
    }

    private sealed class Scope : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Handler(Orders orders, Scope scope) : IMessageHandler<int>
    {
        public Task HandleAsync(int message, MessageContext context, CancellationToken cancellationToken)
        {
            orders.Handled.Enqueue(new Order(message, scope));
            return Task.CompletedTask;
        }
    }
}
