using Granary.Queues.Doors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Doors;

/// <summary>The fakes answer at once, so everything runs on the test's own thread, as it does on a grain's.</summary>
public sealed class ReceiveTurnsTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly FakePartition[] _partitions = [new(), new(), new()];
    private readonly ReceiveTurns _turns;
    private int _waiting;

    public ReceiveTurnsTests() => _turns = new ReceiveTurns(
        _partitions, change => _waiting += change, _time, NullLogger.Instance, _stopping.Token);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Receives_OneAfterAnother_TakeFromAllPartitionsInTurn()
    {
        Array.ForEach(_partitions, partition => partition.Add(4));

        for (int number = 0; number < 6; number++)
        {
            Assert.Equal(2, (await _turns.ReceiveAsync(2, TimeSpan.Zero, null, None)).Length);
        }

        Assert.Empty(await _turns.ReceiveAsync(2, TimeSpan.Zero, null, None));
        Assert.All(_partitions, partition => Assert.Equal(2, partition.Receives.Full));
    }

    [Fact]
    public async Task Waiters_AreServedInTurnFromWhereverSomethingComes()
    {
        Task<LeasedContent[]> first = _turns.ReceiveAsync(1, Wait, null, None);
        Task<LeasedContent[]> second = _turns.ReceiveAsync(1, Wait, null, None);
        Assert.All(_partitions, partition => Assert.True(partition.IsWatched));

        _partitions[1].Add(1);
        Assert.Single(await first.WaitAsync(Deadline, None));
        Assert.False(second.IsCompleted);
        _partitions[2].Add(1);

        Assert.Single(await second.WaitAsync(Deadline, None));
    }

    [Fact]
    public async Task Waiter_WhoWasOfferedNothing_StillEndsWithItsTimeAndTakesNothingLater()
    {
        Task<LeasedContent[]> first = _turns.ReceiveAsync(1, Wait, null, None);
        Task<LeasedContent[]> second = _turns.ReceiveAsync(1, Wait, null, None);
        _partitions[0].Add(1); // the second is offered what the first has taken already
        Assert.Single(await first.WaitAsync(Deadline, None));

        _time.Advance(Wait);

        Assert.Empty(await second.WaitAsync(Deadline, None));
        _partitions[0].Add(1);
        Assert.Single(await _turns.ReceiveAsync(1, TimeSpan.Zero, null, None));
    }

    [Fact]
    public async Task Partition_ThatCannotBeAsked_HoldsUpNobodyAndIsAskedAgain()
    {
        Task<LeasedContent[]> waiting = _turns.ReceiveAsync(1, Wait, null, None);
        _partitions[0].Break(new GranaryUnavailableException("away"));
        _partitions[0].Failure = null;
        Assert.False(_partitions[0].IsWatched);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_partitions[0].IsWatched);

        _partitions[0].Add(1);

        Assert.Single(await waiting.WaitAsync(Deadline, None));
    }

    [Fact]
    public async Task Queue_ThatIsDeleted_EndsTheWaitsAndIsGone()
    {
        Task<LeasedContent[]> waiting = _turns.ReceiveAsync(1, Wait, null, None);

        _partitions[2].Break(new GranaryQueueNotFoundException("gone"));

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => waiting.WaitAsync(Deadline, None));
        Assert.True(_turns.IsGone);
    }

    [Fact]
    public async Task Waiter_WhoIsCancelled_EndsAtOnceAndTakesNothingLater()
    {
        using CancellationTokenSource cancellation = new();
        Task<LeasedContent[]> first = _turns.ReceiveAsync(1, Wait, null, cancellation.Token);
        Task<LeasedContent[]> second = _turns.ReceiveAsync(1, Wait, null, None);

        await cancellation.CancelAsync();

        Assert.Empty(await first.WaitAsync(Deadline, None));
        _partitions[0].Add(1);
        Assert.Single(await second.WaitAsync(Deadline, None));
        Assert.Empty(_partitions[0].Settled);
    }

    [Fact]
    public async Task Waiters_AreCountedWhileTheyWaitHoweverThatEnds()
    {
        using CancellationTokenSource cancellation = new();
        Task<LeasedContent[]> served = _turns.ReceiveAsync(1, Wait, null, None);
        Task<LeasedContent[]> cancelled = _turns.ReceiveAsync(1, Wait, null, cancellation.Token);
        Task<LeasedContent[]> late = _turns.ReceiveAsync(1, Wait, null, None);
        Assert.Empty(await _turns.ReceiveAsync(1, TimeSpan.Zero, null, None)); // does not wait
        Assert.Equal(3, _waiting);

        _partitions[0].Add(1);
        Assert.Single(await served.WaitAsync(Deadline, None));
        Assert.Equal(2, _waiting);
        await cancellation.CancelAsync();
        Assert.Empty(await cancelled.WaitAsync(Deadline, None));
        Assert.Equal(1, _waiting);
        _time.Advance(Wait);
        Assert.Empty(await late.WaitAsync(Deadline, None));
        Assert.Equal(0, _waiting);

        Task<LeasedContent[]> failed = _turns.ReceiveAsync(1, Wait, null, None);
        _partitions[2].Break(new GranaryQueueNotFoundException("gone"));
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => failed.WaitAsync(Deadline, None));
        Assert.Equal(0, _waiting);
    }

    // The partition has leased the messages, and the answer is on its way to who has given up.
    [Fact]
    public async Task Waiter_WhoIsCancelledWhileItIsServed_GivesBackWhatItGets()
    {
        using CancellationTokenSource cancellation = new();
        Task<LeasedContent[]> waiting = _turns.ReceiveAsync(2, Wait, null, cancellation.Token);
        _partitions[0].Receiving = cancellation.Cancel;

        _partitions[0].Add(2);

        Assert.Empty(await waiting.WaitAsync(Deadline, None));
        Assert.Equal([(SettlementKind.Release, 0L), (SettlementKind.Release, 1L)], _partitions[0].Settled);
    }

    [Fact]
    public async Task Receive_ThatIsCancelledWhileItFindsSomething_GivesItBack()
    {
        using CancellationTokenSource cancellation = new();
        _partitions[0].Receiving = cancellation.Cancel;
        _partitions[0].Add(1);

        Assert.Empty(await _turns.ReceiveAsync(1, Wait, null, cancellation.Token));

        Assert.Equal([(SettlementKind.Release, 0L)], _partitions[0].Settled);
    }

    [Fact]
    public async Task Waiter_WhoIsCancelledWhileTheSiloStops_EndsAtOnce()
    {
        using CancellationTokenSource cancellation = new();
        await _stopping.CancelAsync();
        Task<LeasedContent[]> waiting = _turns.ReceiveAsync(1, Wait, null, cancellation.Token);

        await cancellation.CancelAsync();

        Assert.Empty(await waiting.WaitAsync(Deadline, None));
    }

    [Fact]
    public async Task Stop_EndsTheWaits()
    {
        Task<LeasedContent[]> waiting = _turns.ReceiveAsync(1, Wait, null, None);

        await _stopping.CancelAsync();

        Assert.Empty(await waiting.WaitAsync(Deadline, None));
        Task<LeasedContent[]> late = _turns.ReceiveAsync(1, Wait, null, None);
        _partitions[0].Add(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await late.WaitAsync(Deadline, None));
    }
}
