using Granary.Client.Queues.Calls;

namespace Granary.Client.Tests.Queues;

/// <summary>How questions of many callers become few calls.</summary>
public sealed class CallMergerTests
{
    private readonly List<int[]> _calls = [];
    private TaskCompletionSource _gate = new();

    [Fact]
    public async Task Ask_WhileACallIsUnderWay_LeavesWithTheOthersAsOneCall()
    {
        CallMerger<int, string> merger = Merger();

        Task<string>[] asked = [.. Enumerable.Range(0, 10).Select(item => merger.AskAsync(item, CancellationToken.None))];
        Assert.Single(_calls);
        _gate.SetResult();

        Assert.Equal(Enumerable.Range(0, 10).Select(item => $"answer {item}"), await Task.WhenAll(asked));
        Assert.Equal([[0], [1, 2, 3, 4, 5, 6, 7, 8, 9]], _calls);
    }

    [Fact]
    public async Task Call_IsClosedByWeightAndByItems_AndOneMayWeighMore()
    {
        CallMerger<int, string> merger = Merger(maxWeight: 10, maxItems: 3);

        Task<string>[] asked = [.. new[] { 0, 50, 4, 5, 6, 1, 1, 1, 1 }.Select(item => merger.AskAsync(item, CancellationToken.None))];
        _gate.SetResult();
        await Task.WhenAll(asked);

        Assert.Equal([[0], [50], [4, 5], [6, 1, 1], [1, 1]], _calls);
    }

    [Fact]
    public async Task Ask_WhenTooMuchWaits_WaitsForRoomAndCanBeCancelled()
    {
        CallMerger<int, string> merger = Merger(maxWeight: 1);
        using var cancel = new CancellationTokenSource();
        Task<string>[] asked = [.. Enumerable.Repeat(1, 17).Select(item => merger.AskAsync(item, CancellationToken.None))];

        Task<string> outside = merger.AskAsync(1, CancellationToken.None);
        Task<string> cancelled = merger.AskAsync(1, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _gate.SetResult();

        await Task.WhenAll([.. asked, outside]);
        Assert.Equal(18, _calls.Count);
    }

    [Fact]
    public async Task Call_ThatFails_FailsItsCallersAndNobodyElse()
    {
        var failure = new TimeoutException();
        CallMerger<int, string> merger = Merger();
        Task<string> first = merger.AskAsync(1, CancellationToken.None);
        Task<string> second = merger.AskAsync(2, CancellationToken.None);

        TaskCompletionSource gate = _gate;
        _gate = new TaskCompletionSource();
        gate.SetException(failure);
        Assert.Same(failure, await Assert.ThrowsAsync<TimeoutException>(() => first));
        _gate.SetResult();

        Assert.Equal("answer 2", await second);
    }

    [Fact]
    public async Task Call_ThatAnswersTooFew_FailsItsCallers()
    {
        var merger = new CallMerger<int, string>(
            _ => Task.FromResult(Array.Empty<string>()), static _ => (1, 1), maxWeight: 10, maxItems: 10, maxCalls: 1);

        await Assert.ThrowsAsync<GranaryException>(() => merger.AskAsync(1, CancellationToken.None));
    }

    // One call under way; it waits at the gate that there is when it begins. An item weighs what it says.
    private CallMerger<int, string> Merger(int maxWeight = 1000, int maxItems = 1000) => new(
        async items =>
        {
            _calls.Add(items);
            await _gate.Task;
            return [.. items.Select(item => $"answer {item}")];
        },
        static item => (item, 1),
        maxWeight,
        maxItems,
        maxCalls: 1);
}
