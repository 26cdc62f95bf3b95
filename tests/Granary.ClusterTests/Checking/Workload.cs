using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Families;
using Granary.ClusterTests.Checking.Measures;
using Granary.ClusterTests.Checking.Pacing;

namespace Granary.ClusterTests.Checking;

/// <summary>
/// A seeded load at a fixed rate whose every answer is compared with what was acknowledged before. It runs while the
/// test hurts the cluster; at the end everything that must be there is read again.
/// </summary>
internal sealed class Workload : IDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private readonly WorkloadSettings _settings;
    private readonly RunClock _clock = new(TimeProvider.System);
    private readonly ErrorLog _errors = new();
    private readonly UnansweredKeys _unanswered = new();
    private readonly KeyFamilies _families;
    private readonly Worker[] _workers;
    private readonly List<string> _notes = [];
    private Pacer? _pacer;
    private Task _running = Task.CompletedTask;
    private TimeSpan _processorTime;

    private Workload(WorkloadSettings settings, IReadOnlyList<ICaller> callers)
    {
        _settings = settings;
        _families = new KeyFamilies(settings, _clock);
        _workers =
        [
            .. callers.Select((caller, number) =>
                new Worker(number, callers.Count, settings.Seed, caller, _clock, _errors, _unanswered)),
        ];
    }

    /// <summary>Time since the load began.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Stores what must be there, begins, and lets the load run until it is warm.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="callers">One for each worker; they stay the caller's.</param>
    public static async Task<Workload> StartAsync(WorkloadSettings settings, IReadOnlyList<ICaller> callers)
    {
        var workload = new Workload(settings, callers);
        await workload.ForAllAsync(static (family, worker) => family.PrepareAsync(worker));
        workload.Begin();
        await workload.ContinueAsync(WarmUp);
        return workload;
    }

    /// <summary>Puts a line into the report: what was done to the cluster now.</summary>
    public void Note(string text)
    {
        lock (_notes)
        {
            _notes.Add(FormattableString.Invariant($"{Elapsed.TotalSeconds:F3} s {text}"));
        }
    }

    /// <summary>Lets the load run on for a time; ends at once if a worker has failed.</summary>
    public async Task ContinueAsync(TimeSpan time)
    {
        if (await Task.WhenAny(Task.Delay(time), _running) == _running)
        {
            await _running;
        }
    }

    /// <summary>Ends the load, reads everything again, and reports.</summary>
    public async Task<CheckReport> CompleteAsync()
    {
        _pacer!.End();
        await _running;
        double harnessCores = (Environment.CpuUsage.TotalTime - _processorTime) / Elapsed;
        TimeSpan measured = Elapsed - WarmUp;
        Note("the load has ended");
        foreach (Worker worker in _workers)
        {
            worker.Pace = new Unpaced(_clock.TimeProvider);
        }

        await ForAllAsync(static (family, worker) => family.VerifyAsync(worker));
        Note("everything has been read again");
        return new CheckReport(
            _settings,
            measured,
            harnessCores,
            _notes,
            [.. Enum.GetValues<Protocol>().Select(protocol => ProtocolReport.Of(protocol, _workers))],
            [.. _families.All.Select(family => family.Tally)],
            _errors);
    }

    public void Dispose()
    {
        _pacer?.End();
        _pacer?.Dispose();
    }

    private void Begin()
    {
        _clock.Begin(WarmUp);
        _processorTime = Environment.CpuUsage.TotalTime;
        var schedule = new Schedule(
            _clock.Now, _settings.OperationsPerSecond, _workers.Length, _clock.TimeProvider.TimestampFrequency);
        ScheduledPace[] paces =
        [
            .. _workers.Select(worker => new ScheduledPace(schedule, worker.Number, _clock.TimeProvider, worker.Skip)),
        ];
        foreach (Worker worker in _workers)
        {
            worker.Pace = paces[worker.Number];
        }

        _pacer = new Pacer(paces, _clock.TimeProvider, AbandonLateOperations);
        _running = Task.WhenAll(_workers.Select(worker => Task.Run(() => RunAsync(worker))));
    }

    private async Task RunAsync(Worker worker)
    {
        while (await worker.TurnAsync())
        {
            await _families.Choose(worker.Random).StepAsync(worker);
        }
    }

    private Task ForAllAsync(Func<IKeyFamily, Worker, Task> act) =>
        Task.WhenAll(_workers.Select(worker => Task.Run(async () =>
        {
            foreach (IKeyFamily family in _families.All)
            {
                await act(family, worker);
            }
        })));

    private void AbandonLateOperations(long now)
    {
        foreach (Worker worker in _workers)
        {
            worker.AbandonAfter(_settings.AnswerTimeout, now);
        }
    }
}
