namespace Granary.Streams.Inbox;

/// <summary>Wakes who waits that something has changed. One thread.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    public bool IsSet => _next.Task.IsCompleted;

    public void Set() => _next.TrySetResult();

    public void Reset()
    {
        if (IsSet)
        {
            _next = New();
        }
    }

    /// <summary>Ends when it has been set since the last <see cref="Reset"/>.</summary>
    public Task WaitAsync() => _next.Task;

    /// <summary>The same, or when the time is over, or cancelled; it does not throw.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IsSet && atMost > TimeSpan.Zero)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_next.Task, Task.Delay(atMost, time, ending.Token));
            await ending.CancelAsync(); // else its timer would stay
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
