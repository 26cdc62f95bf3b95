using NATS.Client.Core;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>Answers one request after the other: to answer is to publish.</summary>
internal sealed class NatsResponder : IAsyncDisposable
{
    private readonly INatsSub<byte[]> _requests;
    private readonly Task _answering;

    public NatsResponder(INatsSub<byte[]> requests, Func<ReadOnlyMemory<byte>, byte[]> respond)
    {
        _requests = requests;
        _answering = AnswerAsync(respond);
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync(Func<ReadOnlyMemory<byte>, byte[]> respond)
    {
        await foreach (NatsMsg<byte[]> request in _requests.Msgs.ReadAllAsync())
        {
            await request.ReplyAsync(respond(request.Data));
        }
    }
}
