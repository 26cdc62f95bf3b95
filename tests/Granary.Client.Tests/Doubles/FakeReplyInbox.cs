using Granary.Queues;

namespace Granary.Client.Tests.Doubles;

/// <summary>An inbox with what was put into it. Thread-safe.</summary>
internal sealed class FakeReplyInbox : IReplyInboxGrain
{
    private readonly Lock _lock = new();
    private readonly List<Reply> _replies = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All that were put.</summary>
    public Reply[] Put
    {
        get
        {
            lock (_lock)
            {
                return [.. _replies];
            }
        }
    }

    /// <summary>Called before replies are told; it may throw.</summary>
    public Action? Taking { get; set; }

    /// <summary>Called before a reply is put; it may throw.</summary>
    public Action? Putting { get; set; }

    public ValueTask PutAsync(Reply reply)
    {
        Putting?.Invoke();
        lock (_lock)
        {
            _replies.Add(reply);
            _arrival.SetResult();
            _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return default;
    }

    public async ValueTask<ReplyPart> TakeAsync(ReplyMark acknowledged, TimeSpan wait, CancellationToken cancellationToken)
    {
        Task arrival;
        lock (_lock)
        {
            arrival = _replies.Count > acknowledged.Count ? Task.CompletedTask : _arrival.Task;
        }

        await arrival;
        Taking?.Invoke();
        lock (_lock)
        {
            return new ReplyPart(new ReplyMark(Guid.Empty, _replies.Count), [.. _replies.Skip((int)acknowledged.Count)]);
        }
    }
}
