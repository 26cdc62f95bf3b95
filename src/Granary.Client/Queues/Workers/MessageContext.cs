namespace Granary.Client;

/// <summary>
/// A message in a handler's hands. A handler that returns without settling it has completed it; one that throws has
/// abandoned it.
/// </summary>
public sealed class MessageContext
{
    private readonly IQueueReceiver _receiver;

    internal MessageContext(IQueueReceiver receiver, ReceivedMessage message)
    {
        _receiver = receiver;
        Message = message;
    }

    /// <summary>The message.</summary>
    public ReceivedMessage Message { get; }

    /// <summary>The queue it comes from.</summary>
    public string Queue => _receiver.Queue;

    /// <summary>Whether the handler has settled it.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Completes it now, before the handler returns.</summary>
    /// <exception cref="GranaryException">As <see cref="IQueueReceiver"/> says.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken = default) =>
        SettleAsync(_receiver.CompleteAsync(Message, cancellationToken));

    /// <summary>The work failed; it is tried again after a delay.</summary>
    /// <exception cref="GranaryException">As <see cref="IQueueReceiver"/> says.</exception>
    public Task AbandonAsync(
        string? reason = null, TimeSpan? delay = null, CancellationToken cancellationToken = default) =>
        SettleAsync(_receiver.AbandonAsync(Message, reason, delay, cancellationToken));

    /// <summary>Gives it back unharmed.</summary>
    /// <exception cref="GranaryException">As <see cref="IQueueReceiver"/> says.</exception>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) =>
        SettleAsync(_receiver.ReleaseAsync(Message, cancellationToken));

    /// <summary>Puts it aside, until somebody asks for its position.</summary>
    /// <exception cref="GranaryException">As <see cref="IQueueReceiver"/> says.</exception>
    public Task DeferAsync(CancellationToken cancellationToken = default) =>
        SettleAsync(_receiver.DeferAsync(Message, cancellationToken));

    /// <summary>Gives up on it: trying again would not help.</summary>
    /// <exception cref="GranaryException">As <see cref="IQueueReceiver"/> says.</exception>
    public Task DeadLetterAsync(string reason, string? details = null, CancellationToken cancellationToken = default) =>
        SettleAsync(_receiver.DeadLetterAsync(Message, reason, details, cancellationToken));

    private async Task SettleAsync(Task settling)
    {
        IsSettled = true;
        await settling.ConfigureAwait(false);
    }
}
