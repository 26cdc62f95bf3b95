using Granary.Client.Tests.Doubles;
using Granary.Queues;

namespace Granary.Client.Tests.Queues;

/// <summary>What becomes of messages that are fetched ahead of an enumeration.</summary>
public sealed class ReceiveAllTests : IAsyncDisposable
{
    private static readonly TimeSpan TwoThirdsOfALease = TimeSpan.FromSeconds(20);

    private readonly ObservedTimeProvider _time = new(TwoThirdsOfALease);
    private readonly FakeQueue _queue = new();
    private readonly CancellationTokenSource _end = new();
    private readonly IAsyncEnumerator<ReceivedMessage> _messages;

    public ReceiveAllTests() => _messages =
        _queue.ClientOf(_time).CreateReceiver("orders").ReceiveAllAsync(_end.Token).GetAsyncEnumerator(_end.Token);

    [Fact]
    public async Task Message_FetchedAhead_IsRenewedUntilItsTurnComesAsync()
    {
        await FetchAsync(2);

        await RenewAsync(1);
        await RenewAsync(1);

        Assert.Equal(1, await NextAsync());
        Assert.Equal(["Renew 1", "Renew 1"], _queue.Settled);
        Assert.True(_messages.Current.LockedUntil - _time.GetUtcNow() >= TimeSpan.FromSeconds(10), "Its lease is about to end.");
    }

    [Fact]
    public async Task Message_WhoseTurnHasCome_IsTheCallersToRenewAsync()
    {
        await FetchAsync(1);

        _time.Advance(TwoThirdsOfALease);
        await _messages.DisposeAsync();

        Assert.Empty(_queue.Settled);
    }

    [Fact]
    public async Task Message_ThatSomebodyElseHas_IsLeftOutAsync()
    {
        _queue.Settle = static settlement => settlement.Receipt.Offset == 1 ? SettleOutcome.LockLost : SettleOutcome.Done;
        await FetchAsync(3);

        _time.Advance(TwoThirdsOfALease);
        await _time.WaitBeginsAsync(); // for the third's next renewal
        await RenewAsync(1);

        Assert.Equal(2, await NextAsync());
        Assert.Equal(["Renew 1", "Renew 2", "Renew 2"], _queue.Settled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Enumeration_ThatIsForgotten_RenewsNotForEverAsync()
    {
        await FetchAsync(2);
        await RenewAsync(13);
        _time.Advance(TwoThirdsOfALease); // the last renewal within 5 minutes
        await _queue.SettlementAsync();

        _time.Advance(TimeSpan.FromMinutes(1));
        ValueTask<bool> next = _messages.MoveNextAsync();
        await _queue.ReceiverWaitsAsync(); // what was fetched ahead has expired

        Assert.All(_queue.Settled, static settlement => Assert.Equal("Renew 1", settlement));
        Assert.Equal(14, _queue.Settled.Length);
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task End_OfTheEnumeration_GivesBackWhatWasFetchedAheadAsync()
    {
        await FetchAsync(3);

        await _messages.DisposeAsync();

        Assert.Equal(["Release 1", "Release 2"], _queue.Settled.Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _messages.DisposeAsync();
        _end.Dispose();
        _queue.Dispose();
        _time.Dispose();
    }

    private async Task FetchAsync(int messages)
    {
        _queue.Add(messages);
        Assert.Equal(0, await NextAsync());
        for (int message = 0; message < messages; message++)
        {
            await _time.WaitBeginsAsync();
        }
    }

    // One message, which is then going to be renewed again.
    private async Task RenewAsync(int times)
    {
        for (int time = 0; time < times; time++)
        {
            _time.Advance(TwoThirdsOfALease);
            await _time.WaitBeginsAsync();
        }
    }

    private async Task<int> NextAsync()
    {
        Assert.True(await _messages.MoveNextAsync());
        return _messages.Current.As<int>();
    }
}
