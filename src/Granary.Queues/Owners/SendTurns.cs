namespace Granary.Queues.Owners;

/// <summary>Sends that wait for room, in turn. Under the owner's lock, but for the waiting itself.</summary>
internal sealed class SendTurns(TimeProvider time)
{
    // Then the sender is told to come again, if it lives.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly LinkedList<TaskCompletionSource> _turns = [];

    public bool IsEmpty => _turns.Count == 0;

    /// <param name="first">It has waited and found too little room: it stays the first.</param>
    public LinkedListNode<TaskCompletionSource> Enter(bool first)
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return first ? _turns.AddFirst(turn) : _turns.AddLast(turn);
    }

    /// <summary>There may be room for the first.</summary>
    public void CallFirst()
    {
        if (_turns.First is { } first)
        {
            _turns.RemoveFirst();
            first.Value.SetResult();
        }
    }

    /// <summary>It waits no more.</summary>
    /// <returns>False if its turn had come.</returns>
    public bool Leave(LinkedListNode<TaskCompletionSource> turn)
    {
        bool waits = turn.List is not null;
        if (waits)
        {
            _turns.Remove(turn);
        }

        return waits;
    }

    public void Fail(Exception failure)
    {
        foreach (TaskCompletionSource turn in _turns)
        {
            turn.SetException(failure);
        }

        _turns.Clear();
    }

    /// <summary>The same answer for every message.</summary>
    public static SendResult[] Refuse(IReadOnlyList<OutgoingMessage> messages, SendOutcome outcome) =>
        [.. Enumerable.Repeat(new SendResult(outcome, MessagePosition.None), messages.Count)];

    /// <summary>Without the lock.</summary>
    /// <returns>Whether its turn has come; else it must <see cref="Leave"/>.</returns>
    public async Task<bool> WaitAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.Value.Task.WaitAsync(MaxWait, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
