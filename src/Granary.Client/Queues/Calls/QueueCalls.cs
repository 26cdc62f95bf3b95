using Granary.Client.Merging;
using Granary.Client.Routing;
using Microsoft.Extensions.Options;

namespace Granary.Client.Queues.Calls;

/// <summary>Calls queues, and calls them again until the operation's time is over. Thread-safe.</summary>
internal sealed class QueueCalls
{
    // A call whose gateway has died under way is not answered, and nothing says so.
    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(5);

    // Well-behaved calls are answered in this time, but for those that wait for messages or room.
    private static readonly TimeSpan PatientTime = TimeSpan.FromSeconds(1.5);

    private readonly Backoff _backoff = new(new Random());
    private readonly TimeSpan _operationTime;
    private readonly Deadlines _deadlines;
    private readonly Action _refreshGateways;
    private readonly Action _suspectGateways;

    /// <param name="access">The grains.</param>
    /// <param name="options">How long an operation may take.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="refreshGateways">
    /// Learns which gateways there are: at the beginning, when only the seeds are known, and when a call fails.
    /// </param>
    /// <param name="suspectGateways">Looks whether there are gateways that do not answer: when a call is not.</param>
    public QueueCalls(
        IQueueAccess access,
        IOptions<GranaryClientOptions> options,
        TimeProvider time,
        Action refreshGateways,
        Action suspectGateways)
    {
        Access = access;
        Time = time;
        _operationTime = options.Value.OperationTimeout;
        _deadlines = new Deadlines(time, _operationTime);
        _refreshGateways = refreshGateways;
        _suspectGateways = suspectGateways;
        refreshGateways();
    }

    public IQueueAccess Access { get; }

    public TimeProvider Time { get; }

    /// <summary>When an operation that begins now is to be done.</summary>
    /// <param name="wait">What it may take longer, because it waits for something.</param>
    public long Begin(TimeSpan wait = default) => _deadlines.After(_operationTime + wait);

    /// <summary>Pauses before the next attempt.</summary>
    /// <exception cref="GranaryUnavailableException">There is no time for one.</exception>
    public Task PauseAsync(int attempt, long deadline, CancellationToken cancellationToken)
    {
        TimeSpan pause = _backoff.Before(attempt);
        return _deadlines.After(pause) < deadline
            ? Task.Delay(pause, Time, cancellationToken)
            : throw _deadlines.Unavailable();
    }

    /// <summary>Waits for one attempt of a call.</summary>
    /// <param name="call">Under way.</param>
    /// <param name="mayRepeat">Whether there may be another one; else it is waited for until the deadline.</param>
    /// <param name="deadline">Of the operation.</param>
    /// <param name="cancellationToken">Gives up; the call may still be executed.</param>
    /// <exception cref="GranaryOutcomeUnknownException">It is not answered.</exception>
    public async Task<T> WaitAsync<T>(Task<T> call, bool mayRepeat, long deadline, CancellationToken cancellationToken)
    {
        TimeSpan left = Time.GetElapsedTime(_deadlines.Now, deadline);
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        left = mayRepeat && left > AttemptTime ? AttemptTime : left;
        try
        {
            return await call
                .WaitAsync(left > PatientTime ? PatientTime : left, Time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!call.IsCompleted)
        {
            _suspectGateways();
            return left > PatientTime
                ? await WaitAsync(call, left - PatientTime, cancellationToken).ConfigureAwait(false)
                : throw _deadlines.OutcomeUnknown(exception);
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
                return await WaitAsync(call(), mayRepeat, deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (Note(exception, cancellationToken) != CallFailure.Final)
            {
                if (Note(exception, cancellationToken) == CallFailure.Unknown && !mayRepeat)
                {
                    throw OutcomeUnknown(exception);
                }
            }

            await PauseAsync(attempt, deadline, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps the failure for the message of who runs out of time because of it.</summary>
    public CallFailure Note(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return CallFailure.Final;
        }

        _deadlines.LastFailure = exception;
        _refreshGateways();
        if (exception is TimeoutException)
        {
            _suspectGateways();
        }

        return exception switch
        {
            ArgumentException => CallFailure.Final,
            GranaryUnavailableException or GranaryQueueNotFoundException => CallFailure.NotDone,
            GranaryOutcomeUnknownException => CallFailure.Unknown,
            GranaryException => CallFailure.Final,
            _ => MessageFailure.IsNotApplied(exception) ? CallFailure.NotDone : CallFailure.Unknown,
        };
    }

    public GranaryOutcomeUnknownException OutcomeUnknown(Exception? cause) =>
        cause as GranaryOutcomeUnknownException ?? _deadlines.OutcomeUnknown(cause);

    private async Task<T> WaitAsync<T>(Task<T> call, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(time, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!call.IsCompleted)
        {
            throw _deadlines.OutcomeUnknown(exception);
        }
    }
}
