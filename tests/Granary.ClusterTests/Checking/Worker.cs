using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;
using Granary.ClusterTests.Checking.Pacing;

namespace Granary.ClusterTests.Checking;

/// <summary>One caller and its turns: executes operations one after another and measures each.</summary>
/// <param name="number">0 to <paramref name="count"/> - 1.</param>
/// <param name="count">Workers in all.</param>
/// <param name="seed">Of the worker's random choices, together with its number.</param>
/// <param name="caller">Its own.</param>
/// <param name="clock">Of the run.</param>
/// <param name="errors">Of the run.</param>
/// <param name="unanswered">Of the run.</param>
internal sealed class Worker(
    int number, int count, int seed, ICaller caller, RunClock clock, ErrorLog errors, UnansweredKeys unanswered)
{
    private static readonly TimeSpan InsistFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InsistPause = TimeSpan.FromMilliseconds(20);

    private byte[] _scratch = new byte[4096];
    private long _due;
    private long _begin; // 0 while no operation is under way
    private bool _hasAskedAgain; // so that no more than every other turn is used for it

    public int Number => number;

    public int Count => count;

    public Random Random { get; } = new(unchecked((seed * 486_187_739) + number));

    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Whether turns come by the schedule, so that latencies count: during the run, not before and after.</summary>
    public bool IsPaced => Pace is ScheduledPace;

    /// <summary>Operations that were due and not sent, because the worker was too late for them.</summary>
    public long Skipped { get; private set; }

    public ICaller Caller => caller;

    public RunClock Clock => clock;

    public IPace Pace { get; set; } = new Unpaced(clock.TimeProvider);

    /// <summary>
    /// Waits until an operation is due. Each operation takes one turn; while keys are unanswered, one of them takes
    /// every other.
    /// </summary>
    /// <returns><see langword="false"/> if the run is over.</returns>
    public async ValueTask<bool> TurnAsync()
    {
        while ((_due = await Pace.NextAsync()) != IPace.Over)
        {
            if (!IsPaced || !await AskAgainAsync())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Room for a value, until the next call.</summary>
    public Memory<byte> Scratch(int length)
    {
        if (_scratch.Length < length)
        {
            _scratch = new byte[Math.Max(length, 2 * _scratch.Length)];
        }

        return _scratch.AsMemory(0, length);
    }

    /// <summary>Executes the operation that the last turn was for.</summary>
    public async ValueTask<Reply> ExecuteAsync(Operation operation, FamilyTally tally, KeyWatch watch)
    {
        long begin = clock.Now;
        Volatile.Write(ref _begin, begin);
        Reply reply = await caller.ExecuteAsync(operation);
        Volatile.Write(ref _begin, 0);
        long end = clock.Now;

        if (IsPaced && clock.IsMeasured(_due))
        {
            Latencies.Add(clock.Between(_due, end));
        }

        tally.CountOperation(operation.Kind, reply.Answer);
        if (reply.IsAnswered)
        {
            long since = watch.Answered(_due, end);
            if (clock.IsMeasured(since))
            {
                tally.CountPause(watch, since, end);
            }
        }
        else
        {
            if (watch.Failed(_due) && IsPaced)
            {
                unanswered.Add(new UnansweredKey(operation.Key, tally, watch));
            }

            errors.Add(new OperationError(
                clock.At(begin),
                clock.At(end),
                caller.Protocol,
                tally.Name,
                operation.Kind,
                reply.Error,
                reply.Message ?? string.Empty));
        }

        return reply;
    }

    /// <summary>
    /// Executes an operation that may be repeated, until the cluster answers; outside the run. Its errors are counted
    /// like all others.
    /// </summary>
    /// <returns>The answer; after a minute without one, the last error.</returns>
    public async ValueTask<Reply> InsistAsync(Operation operation, FamilyTally tally, KeyWatch watch)
    {
        long start = clock.Now;
        while (true)
        {
            _due = clock.Now;
            Reply reply = await ExecuteAsync(operation, tally, watch);
            if (reply.IsAnswered || clock.Since(start) > InsistFor)
            {
                return reply;
            }

            await Task.Delay(InsistPause, clock.TimeProvider);
        }
    }

    /// <summary>Counts an operation that was due and is not sent.</summary>
    /// <param name="due">When.</param>
    public void Skip(long due)
    {
        if (clock.IsMeasured(due))
        {
            Skipped++;
            Latencies.Add(clock.Since(due));
        }
    }

    /// <summary>Gives up an operation that takes longer than it may. Called by the pacer.</summary>
    public void AbandonAfter(TimeSpan timeout, long now)
    {
        long begin = Volatile.Read(ref _begin);
        if (begin != 0 && clock.Between(begin, now) > timeout)
        {
            caller.Abandon();
        }
    }

    /// <summary>Uses a turn for a key that has failed.</summary>
    /// <returns><see langword="false"/> if the turn is still free.</returns>
    private async ValueTask<bool> AskAgainAsync()
    {
        UnansweredKey key = default;
        _hasAskedAgain = !_hasAskedAgain && unanswered.TryTake(out key);
        if (_hasAskedAgain && !(await ExecuteAsync(Operation.Get(key.Key), key.Tally, key.Watch)).IsAnswered)
        {
            unanswered.Add(key);
        }

        return _hasAskedAgain;
    }
}
