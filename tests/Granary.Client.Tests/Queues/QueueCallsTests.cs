using Granary.Client.Queues.Calls;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace Granary.Client.Tests.Queues;

/// <summary>Calls that nobody answers.</summary>
public sealed class QueueCallsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan RestOfAnAttempt = TimeSpan.FromSeconds(3.5);

    private readonly ObservedTimeProvider _time = new(Patience, RestOfAnAttempt);
    private readonly FakeQueue _queue = new();
    private readonly QueueCalls _calls;
    private int _suspicions;

    public QueueCallsTests() => _calls = new QueueCalls(
        _queue, Options.Create(new GranaryClientOptions()), _time, static () => { }, () => _suspicions++);

    public void Dispose()
    {
        _queue.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task Call_WithoutAnAnswer_SuspectsTheGatewaysAndIsGivenUpLaterAsync()
    {
        Task<int> waiting = _calls.WaitAsync(
            new TaskCompletionSource<int>().Task, mayRepeat: true, _calls.Begin(), CancellationToken.None);
        await _time.WaitBeginsAsync();
        Assert.Equal(0, _suspicions);

        _time.Advance(Patience);
        await _time.WaitBeginsAsync();
        Assert.Equal(1, _suspicions);
        Assert.False(waiting.IsCompleted);

        _time.Advance(RestOfAnAttempt);
        await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => waiting);
    }

    [Fact]
    public async Task Call_AnsweredLate_IsAnsweredAsync()
    {
        TaskCompletionSource<int> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> waiting = _calls.WaitAsync(answer.Task, mayRepeat: true, _calls.Begin(), CancellationToken.None);
        await _time.WaitBeginsAsync();
        _time.Advance(Patience);
        await _time.WaitBeginsAsync();

        answer.SetResult(5);

        Assert.Equal(5, await waiting);
    }

    [Fact]
    public void Failure_ForWantOfAnAnswer_SuspectsTheGateways()
    {
        Assert.Equal(CallFailure.Unknown, _calls.Note(new TimeoutException("lost"), CancellationToken.None));
        Assert.Equal(CallFailure.NotDone, _calls.Note(new GranaryUnavailableException("away"), CancellationToken.None));

        Assert.Equal(1, _suspicions);
    }
}
