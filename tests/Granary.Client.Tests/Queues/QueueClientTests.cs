using System.Diagnostics.CodeAnalysis;
using Granary.Client.Queues.Calls;
using Granary.Client.Tests.Doubles;
using Granary.Queues;
using Orleans.Runtime.Messaging;

namespace Granary.Client.Tests.Queues;

/// <summary>Senders, receivers and the administration while the silo is away, answers are lost, or leases have ended.</summary>
public sealed class QueueClientTests : IDisposable
{
    private readonly PausingTimeProvider _time = new();
    private readonly FakeQueue _queue = new();
    private readonly IGranaryQueues _queues;
    private int _failures;

    public QueueClientTests() => _queues = _queue.ClientOf(_time);

    [Fact]
    public async Task Send_WhileTheSiloIsAway_WaitsForItAsync()
    {
        _queue.Send = _ => Fails(3) ? throw new ConnectionFailedException("away") : SendOutcome.Accepted;

        await _queues.CreateSender("orders").SendAsync("order");

        Assert.Equal(4, _queue.Sends);
    }

    [Fact]
    public async Task Send_WhoseAnswerIsLost_IsRepeatedWithAMessageIdAsync()
    {
        _queue.Send = _ => Fails(1) ? throw new TimeoutException("lost") : SendOutcome.Duplicate;

        SendReceipt receipt =
            await _queues.CreateSender("orders").SendAsync(QueueMessage.Of("order") with { MessageId = "order-1" });

        Assert.True(receipt.IsDuplicate);
        Assert.Equal(2, _queue.Sends);
    }

    [Fact]
    public async Task Send_WhoseAnswerIsLost_IsNotRepeatedWithoutAMessageIdAsync()
    {
        _queue.Send = static _ => throw new TimeoutException("lost");

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => _queues.CreateSender("orders").SendAsync("order"));

        Assert.Equal(1, _queue.Sends);
    }

    [Fact]
    public async Task Receive_WhileTheSiloIsAway_WaitsForItAsync()
    {
        _queue.Add(1);
        _queue.Receiving = () => ThrowIf(Fails(3));

        IReadOnlyList<ReceivedMessage> received =
            await _queues.CreateReceiver("orders").ReceiveAsync(1, TimeSpan.FromSeconds(1));

        Assert.Equal(0, Assert.Single(received).As<int>());
    }

    [Fact]
    public async Task Receive_ThatIsCancelled_EndsAtTheSiloTooAsync()
    {
        using var cancellation = new CancellationTokenSource();
        Task<IReadOnlyList<ReceivedMessage>> receiving =
            _queues.CreateReceiver("orders").ReceiveAsync(1, TimeSpan.FromSeconds(1), cancellation.Token);
        await _queue.ReceiverWaitsAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.True(_queue.Receive.IsCancellationRequested);
    }

    // The answer is there, and the receive has not taken it yet.
    [Fact]
    public async Task Receives_ThatAreCancelledWhenTheyAreAnswered_GiveBackWhatNobodyGetsAsync()
    {
        const int Rounds = 20;
        IQueueReceiver receiver = _queues.CreateReceiver("orders");
        int received = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<IReadOnlyList<ReceivedMessage>> receiving =
                receiver.ReceiveAsync(1, TimeSpan.FromSeconds(1), cancellation.Token);
            await _queue.ReceiverWaitsAsync();
            _queue.Add(1);
            await using CancellationTokenRegistration first = cancellation.Token.Register(_queue.Answer);

            await cancellation.CancelAsync();
            await Task.WhenAny(receiving);
            await ((QueueReceiver)receiver).WhenReleasedAsync();
            received += receiving.IsCompletedSuccessfully ? 1 : 0;
        }

        Assert.Equal(Rounds, received + _queue.Settled.Length);
    }

    [Fact]
    public async Task Settle_OfWhatSomebodyElseHas_ThrowsAndIsNotTriedAgainAsync()
    {
        (IQueueReceiver receiver, ReceivedMessage message) = await ReceivedAsync();
        _queue.Settle = static _ => SettleOutcome.LockLost;

        await Assert.ThrowsAsync<GranaryLockLostException>(() => receiver.CompleteAsync(message));

        Assert.Equal(["Complete 0"], _queue.Settled);
    }

    [Fact]
    public async Task Settle_WhoseAnswerIsLost_IsAskedAgainAsync()
    {
        (IQueueReceiver receiver, ReceivedMessage message) = await ReceivedAsync();
        _queue.Settle = _ => Fails(1) ? throw new TimeoutException("lost") : SettleOutcome.Done;

        await receiver.CompleteAsync(message);

        Assert.Equal(["Complete 0", "Complete 0"], _queue.Settled);
    }

    // It may be this receiver's own settlement that has ended the lease.
    [Fact]
    public async Task Settle_WhoseAnswerIsLostAndThenItsLease_IsUnknownAsync()
    {
        (IQueueReceiver receiver, ReceivedMessage message) = await ReceivedAsync();
        _queue.Settle = _ => Fails(1) ? throw new TimeoutException("lost") : SettleOutcome.LockLost;

        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => receiver.CompleteAsync(message));
    }

    [Fact]
    public async Task Redrive_AtARate_TakesItsTimeAsync()
    {
        _queue.Dead = 5;
        DateTimeOffset start = _time.GetUtcNow();

        long redriven = await _queues.Administration.RedriveAsync("orders", maxPerSecond: 10);

        Assert.Equal(5, redriven);
        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _queue.Dispose();

    private bool Fails(int times) => _failures++ < times;

    private static void ThrowIf([DoesNotReturnIf(true)] bool isAway)
    {
        if (isAway)
        {
            throw new ConnectionFailedException("away");
        }
    }

    private async Task<(IQueueReceiver Receiver, ReceivedMessage Message)> ReceivedAsync()
    {
        _queue.Add(1);
        IQueueReceiver receiver = _queues.CreateReceiver("orders");
        return (receiver, Assert.Single(await receiver.ReceiveAsync(1, TimeSpan.Zero)));
    }
}
