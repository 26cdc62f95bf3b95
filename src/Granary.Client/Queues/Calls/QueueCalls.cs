using Granary.Client.Merging;
using Granary.Client.Routing;
using Microsoft.Extensions.Options;

namespace Granary.Client.Queues.Calls;

/// <summary>Calls queues, and calls them again until the operation's time is over. Thread-safe.</summary>
internal sealed class QueueCalls(IQueueAccess access, IOptions<GranaryClientOptions> options, TimeProvider time)
{
    private readonly Backoff _backoff = new(new Random());
    private readonly Deadlines _deadlines = new(time, options.Value.OperationTimeout);

    public IQueueAccess Access => access;

    public TimeProvider Time => time;

    /// <summary>When an operation that begins now is to be done.</summary>
    /// <param name="wait">What it may take longer, because it waits for something.</param>
    public long Begin(TimeSpan wait = default) => _deadlines.After(options.Value.OperationTimeout + wait);

    /// <summary>Pauses before the next attempt.</summary>
    /// <exception cref="GranaryUnavailableException">There is no time for one.</exception>
    public Task PauseAsync(int attempt, long deadline, CancellationToken cancellationToken) =>
        _deadlines.PauseAsync(_backoff.Before(attempt), deadline).WaitAsync(cancellationToken);

    /// <summary>Waits for a call, but not longer than the deadline.</summary>
    /// <exception cref="GranaryOutcomeUnknownException">It is over, and the call under way.</exception>
    public async Task<T> WaitAsync<T>(Task<T> call, long deadline, CancellationToken cancellationToken)
    {
        TimeSpan left = time.GetElapsedTime(_deadlines.Now, deadline);
        try
        {
            return await call.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!call.IsCompleted)
        {
            throw _deadlines.OutcomeUnknown(exception);
        }
    }

    /// <summary>Calls until there is an answer.</summary>
    /// <param name="call">What to ask.</param>
    /// <param name="mayRepeat">Whether it may be done twice.</param>
    /// <param name="cancellationToken">Gives up; the call may still be executed.</param>
    /// <exception cref="GranaryUnavailableException">The time is over; nothing was done.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">It may have been done.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call, bool mayRepeat, CancellationToken cancellationToken)
    {
        long deadline = Begin();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await WaitAsync(call(), deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (Note(exception) != CallFailure.Final)
            {
                if (FailureOf(exception) == CallFailure.Unknown && !mayRepeat)
                {
                    throw OutcomeUnknown(exception);
                }
            }

            await PauseAsync(attempt, deadline, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps the failure for the message of who runs out of time because of it.</summary>
    public CallFailure Note(Exception exception)
    {
        _deadlines.LastFailure = exception;
        return FailureOf(exception);
    }

    public GranaryOutcomeUnknownException OutcomeUnknown(Exception? cause) =>
        cause as GranaryOutcomeUnknownException ?? _deadlines.OutcomeUnknown(cause);

    private static CallFailure FailureOf(Exception exception) => exception switch
    {
        ArgumentException or OperationCanceledException => CallFailure.Final,
        GranaryUnavailableException => CallFailure.NotDone,
        GranaryOutcomeUnknownException => CallFailure.Unknown,
        GranaryException => CallFailure.Final,
        _ => MessageFailure.IsNotApplied(exception) ? CallFailure.NotDone : CallFailure.Unknown,
    };
}
