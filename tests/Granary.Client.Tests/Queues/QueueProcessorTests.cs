using System.Collections.Concurrent;
using Granary.Client.Tests.Doubles;
using Granary.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Queues;

/// <summary>What a processor says of the messages in its hands.</summary>
public sealed class QueueProcessorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeQueue _queue = new();
    private readonly ConcurrentQueue<int> _handled = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Handler_ThatReturns_HasCompletedTheMessageAsync()
    {
        _queue.Add(1);
        QueueProcessor processor = Start(static (_, _) => Task.CompletedTask);

        await _queue.SettlementAsync();
        await StopAsync(processor);

        Assert.Equal(["Complete 0"], _queue.Settled);
    }

    [Fact]
    public async Task Handler_ThatThrows_HasAbandonedTheMessageAsync()
    {
        string? reason = null;
        _queue.Settle = settlement =>
        {
            reason = settlement.Reason;
            return SettleOutcome.Done;
        };
        _queue.Add(1);
        QueueProcessor processor = Start(static (_, _) => throw new InvalidOperationException("no ship"));

        await _queue.SettlementAsync();
        await StopAsync(processor);

        Assert.Equal(["Abandon 0"], _queue.Settled);
        Assert.Equal("System.InvalidOperationException: no ship", reason);
    }

    [Fact]
    public async Task Lease_OfAMessageThatIsWorkedOn_IsRenewedBeforeItsEndAsync()
    {
        _queue.Add(1);
        QueueProcessor processor = Start(HoldAsync);
        await _begun.Task;

        _time.Advance(TimeSpan.FromSeconds(20)); // of 30
        await _queue.SettlementAsync();
        _gate.SetResult();
        await StopAsync(processor);

        Assert.Equal(["Renew 0", "Complete 0"], _queue.Settled);
    }

    [Fact]
    public async Task Handler_WhoseMessageSomebodyElseHas_IsCancelledAndSettlesNothingAsync()
    {
        _queue.Settle = static _ => SettleOutcome.LockLost;
        _queue.Add(1);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        QueueProcessor processor = Start(async (context, cancellationToken) =>
        {
            try
            {
                await HoldAsync(context, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
                throw;
            }
        });
        await _begun.Task;

        _time.Advance(TimeSpan.FromSeconds(20));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await StopAsync(processor);

        Assert.Equal(["Renew 0"], _queue.Settled);
    }

    [Fact]
    public async Task Stop_WithMessagesThatNoHandlerHasBegun_GivesThemBackAsync()
    {
        _queue.Add(3);
        QueueProcessor processor = Start(HoldAsync, new QueueProcessorOptions { PrefetchCount = 2 });
        await _begun.Task;

        Task stopping = StopAsync(processor);
        _gate.SetResult();
        await stopping;

        Assert.Equal([0], _handled);
        Assert.Equal(["Complete 0", "Release 1", "Release 2"], _queue.Settled);
    }

    [Fact]
    public async Task Stop_WhileAReceiveIsUnderWay_GivesBackWhatItBringsAsync()
    {
        QueueProcessor processor = Start(HoldAsync, new QueueProcessorOptions { PrefetchCount = 2 });
        await _queue.ReceiverWaitsAsync();

        Task stopping = processor.StopAsync(TestContext.Current.CancellationToken);
        _queue.Add(2);
        _queue.Close();
        await stopping;

        Assert.Empty(_handled);
        Assert.Equal(["Release 0", "Release 1"], _queue.Settled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stop_OfAHandlerThatTakesTooLong_CancelsItAndCountsNoFailureAsync()
    {
        _queue.Add(1);
        QueueProcessor processor = Start(HoldAsync, new QueueProcessorOptions { DrainTime = TimeSpan.Zero });
        await _begun.Task;

        await StopAsync(processor);

        Assert.Equal("Release 0", _queue.Settled[^1]);
        Assert.DoesNotContain("Abandon 0", _queue.Settled);
    }

    public void Dispose() => _queue.Dispose();

    private QueueProcessor Start(
        Func<MessageContext, CancellationToken, Task> handler, QueueProcessorOptions? options = null)
    {
        QueueProcessor processor = _queue.ClientOf(_time).CreateProcessor("orders", handler, options);
        processor.Start();
        return processor;
    }

    private Task StopAsync(QueueProcessor processor)
    {
        Task stopping = processor.StopAsync(TestContext.Current.CancellationToken);
        _queue.Close();
        return stopping;
    }

    private async Task HoldAsync(MessageContext context, CancellationToken cancellationToken)
    {
        _handled.Enqueue(context.Message.As<int>());
        _begun.TrySetResult();
        await _gate.Task.WaitAsync(cancellationToken);
    }
}
