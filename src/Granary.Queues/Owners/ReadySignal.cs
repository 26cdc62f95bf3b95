namespace Granary.Queues.Owners;

/// <summary>Wakes those who wait until a message is ready. Under the owner's lock, but for the waiting itself.</summary>
internal sealed class ReadySignal
{
    private TaskCompletionSource? _next;

    /// <summary>Ends when a message is ready.</summary>
    public Task Next => (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void SetIf(bool isReady)
    {
        if (isReady && _next is not null)
        {
            _next.SetResult();
            _next = null;
        }
    }

    public void Fail(Exception failure)
    {
        _next?.SetException(failure);
        _next = null;
    }
}
