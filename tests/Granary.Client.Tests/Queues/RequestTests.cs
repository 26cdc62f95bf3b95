using System.Text;
using System.Text.Json;
using Granary.Client.Tests.Doubles;
using Granary.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Queues;

/// <summary>Requests and what answers them, by a queue that is not there.</summary>
public sealed class RequestTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeQueue _queue = new();
    private readonly List<OutgoingMessage> _sent = [];
    private readonly IQueueRequester _requester;

    public RequestTests()
    {
        _queue.Send = message =>
        {
            _sent.Add(message);
            return SendOutcome.Accepted;
        };
        _requester = _queue.ClientOf(_time).CreateRequester("questions");
    }

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Request_IsAMessageThatNamesWhereItIsAnsweredAsync()
    {
        Task<int> asking = _requester.RequestAsync<int, int>(20, Timeout, TestContext.Current.CancellationToken);

        OutgoingMessage request = Assert.Single(_sent);
        await AnswerAsync(request, "21");
        Assert.Equal(21, await asking);
        Assert.Equal("20", Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal(Timeout, request.TimeToLive);
        Assert.Equal(request.MessageId, Headers(request)["correlation-id"]);
        Assert.True(Guid.TryParseExact(Headers(request)["reply-to"], "N", out _));
    }

    [Fact]
    public async Task Replies_GoToThoseWhoHaveAskedAndAreTakenOnceAsync()
    {
        Task<int>[] asking =
        [
            .. Enumerable.Range(0, 3).Select(number =>
                _requester.RequestAsync<int, int>(number, Timeout, TestContext.Current.CancellationToken)),
        ];

        await AnswerAsync(_sent[2], "12");
        await AnswerAsync(_sent[0], "10");
        await AnswerAsync(_sent[0], "99"); // done by another responder, too
        await AnswerAsync(_sent[1], "11");

        int[] answers = await Task.WhenAll(asking);
        Assert.Equal([10, 11, 12], answers);
    }

    [Fact]
    public async Task Reply_WhoseAnswerIsLost_IsTakenAgainAsync()
    {
        int takes = 0;
        _queue.Replies.Taking = () =>
        {
            if (++takes == 1)
            {
                throw new TimeoutException("The gateway has died.");
            }
        };
        Task<int> asking = _requester.RequestAsync<int, int>(1, TimeSpan.FromDays(1), TestContext.Current.CancellationToken);

        await AnswerAsync(_sent[0], "2");
        while (!asking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100)); // the pause before the next attempt
            await Task.Yield();
        }

        Assert.Equal(2, await asking);
    }

    [Fact]
    public async Task Request_ThatNobodyAnswers_HasAnUnknownOutcomeAsync()
    {
        Task<int> asking = _requester.RequestAsync<int, int>(1, Timeout, TestContext.Current.CancellationToken);

        _time.Advance(Timeout);

        GranaryOutcomeUnknownException error = await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(() => asking);
        Assert.Contains("No reply to a request to queue 'questions' came within 00:00:10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responder_AnswersBeforeItCompletesAsync()
    {
        int answered = -1;
        _queue.Settle = _ =>
        {
            answered = _queue.Replies.Put.Length;
            return SettleOutcome.Done;
        };

        await RespondAsync();

        Assert.Equal(["Complete 0"], _queue.Settled);
        Assert.Equal(1, answered);
        Reply reply = Assert.Single(_queue.Replies.Put);
        Assert.Equal(("c1", "21"), (reply.CorrelationId, Encoding.UTF8.GetString(reply.Body.Span)));
    }

    [Fact]
    public async Task Responder_WhoseReplyCannotBePut_DoesNotCompleteAsync()
    {
        _queue.Replies.Putting = static () => throw new GranaryException("no inbox");

        await RespondAsync();

        Assert.Equal(["Abandon 0"], _queue.Settled);
    }

    [Fact]
    public async Task Responder_ThatThrowsOrCannotRead_AnswersNothingAsync()
    {
        _queue.AddText("no number");
        _queue.AddText("5");
        await using QueueProcessor responder = _queue.ClientOf(_time).CreateResponder<int, int>(
            "questions", static (_, _) => throw new InvalidOperationException("broken"));
        responder.Start();

        await _queue.SettlementAsync();
        await _queue.SettlementAsync();
        _queue.Close();
        await responder.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["DeadLetter 0", "Abandon 1"], _queue.Settled);
        Assert.Empty(_queue.Replies.Put);
    }

    // A responder adds 1 to the request "20", c1, and stops when it has settled it.
    private async Task RespondAsync()
    {
        _queue.AddText("20", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["correlation-id"] = "c1",
            ["reply-to"] = Guid.NewGuid().ToString("N"),
        });
        await using QueueProcessor responder = _queue.ClientOf(_time).CreateResponder<int, int>(
            "questions", static (number, _) => Task.FromResult(number + 1));
        responder.Start();

        await _queue.SettlementAsync();
        _queue.Close();
        await responder.StopAsync(TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, string> Headers(OutgoingMessage message) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(message.Headers.Span)!;

    private async Task AnswerAsync(OutgoingMessage request, string body) =>
        await _queue.Replies.PutAsync(new Reply(Headers(request)["correlation-id"], Encoding.UTF8.GetBytes(body)));
}
