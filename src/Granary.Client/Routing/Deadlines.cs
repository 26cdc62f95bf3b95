using Granary.Client.Merging;

namespace Granary.Client.Routing;

/// <summary>The time that operations have, and what is said when it is over. Thread-safe.</summary>
internal sealed class Deadlines(TimeProvider timeProvider, TimeSpan timeout)
{
    private readonly long _timeoutTicks = (long)(timeout.TotalSeconds * timeProvider.TimestampFrequency);
    private volatile Exception? _lastFailure;

    /// <summary>How long who blocks a thread waits for an operation to be ended by its deadline.</summary>
    public TimeSpan Patience { get; } = timeout * 1.25;

    public long Now => timeProvider.GetTimestamp();

    /// <summary>What went wrong last, for the message of those who run out of time because of it.</summary>
    public Exception? LastFailure
    {
        get => _lastFailure;
        set => _lastFailure = value;
    }

    public long Begin() => Now + _timeoutTicks;

    /// <summary>When an operation with this deadline began: a clock reading saved.</summary>
    public long BeginOf(long deadline) => deadline - _timeoutTicks;

    public long After(TimeSpan time) => Now + Ticks(time);

    public long Before(TimeSpan time) => Now - Ticks(time);

    /// <summary>Waits, but not longer than the deadline.</summary>
    /// <exception cref="GranaryUnavailableException">The deadline has passed.</exception>
    public Task PauseAsync(TimeSpan pause, long deadline)
    {
        TimeSpan remaining = Remaining(deadline);
        return Task.Delay(pause < remaining ? pause : remaining, timeProvider);
    }

    /// <summary>Waits for a task until the deadline.</summary>
    /// <exception cref="GranaryUnavailableException">The deadline has passed.</exception>
    public async Task WaitAsync(Task task, long deadline)
    {
        try
        {
            await task.WaitAsync(Remaining(deadline), timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Unavailable();
        }
    }

    public GranaryUnavailableException Unavailable()
    {
        Exception? cause = LastFailure;
        string last = cause is null ? "No failure was met" : $"Last failure: {cause.Message}";
        return new GranaryUnavailableException(
            $"Not done within {timeout} (GranaryClientOptions.OperationTimeout). {last}.", cause!);
    }

    public GranaryException TimedOut(PendingOperation target, bool sent)
    {
        // Of a call with many slots, others may have been sent before.
        bool unknown = !target.MayRepeat && (sent || target.Slots > 1);
        return unknown ? OutcomeUnknown(null) : Unavailable();
    }

    public GranaryOutcomeUnknownException OutcomeUnknown(Exception? cause) =>
        new(
            cause is null
                ? $"The change may have been applied: no answer came within {timeout}."
                : $"The change may have been applied: its answer was lost. {cause.Message}",
            cause!);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);

    private TimeSpan Remaining(long deadline)
    {
        long now = Now;
        return deadline > now ? timeProvider.GetElapsedTime(now, deadline) : throw Unavailable();
    }
}
