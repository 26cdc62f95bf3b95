using System.Collections.Concurrent;
using Granary.Client.Queues.Calls;
using Granary.Queues;

namespace Granary.Client.Queues.Requests;

/// <summary>Takes the replies for this process from its inbox, while somebody waits for one. Thread-safe.</summary>
internal sealed class ReplyReader(QueueCalls calls)
{
    // The wait of one call: one that was lost with its gateway is noticed soon after.
    private static readonly TimeSpan CallWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LostTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<ReadOnlyMemory<byte>>> _waiting =
        new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private bool _isReading;

    /// <summary>What requests name.</summary>
    public Guid Inbox { get; } = Guid.NewGuid();

    /// <summary>Waits for a reply, from now on.</summary>
    public Task<ReadOnlyMemory<byte>> ExpectAsync(string correlationId)
    {
        TaskCompletionSource<ReadOnlyMemory<byte>> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[correlationId] = reply;
        lock (_lock)
        {
            if (!_isReading)
            {
                _isReading = true;
                _ = ReadAsync();
            }
        }

        return reply.Task;
    }

    /// <summary>Waits no more.</summary>
    public void Forget(string correlationId) => _waiting.TryRemove(correlationId, out _);

    private async Task ReadAsync()
    {
        ReplyMark acknowledged = default;
        for (int failures = 0; MayGoOn();)
        {
            try
            {
                ReplyPart part = await calls.Access.ReplyInbox(Inbox)
                    .TakeAsync(acknowledged, CallWait, CancellationToken.None)
                    .AsTask()
                    .WaitAsync(CallWait + LostTime, calls.Time)
                    .ConfigureAwait(false);
                Array.ForEach(part.Replies, Arrived);
                acknowledged = part.End;
                failures = 0;
            }
            catch (Exception exception) // the edge: one call; who waits for long is told by its own time
            {
                calls.Note(exception, CancellationToken.None);
                await calls.PauseAsync(++failures, long.MaxValue, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private bool MayGoOn()
    {
        lock (_lock)
        {
            return _isReading = !_waiting.IsEmpty;
        }
    }

    // Of two replies to one request the second finds nobody.
    private void Arrived(Reply reply)
    {
        if (_waiting.TryRemove(reply.CorrelationId, out TaskCompletionSource<ReadOnlyMemory<byte>>? waiting))
        {
            waiting.SetResult(reply.Body);
        }
    }
}
