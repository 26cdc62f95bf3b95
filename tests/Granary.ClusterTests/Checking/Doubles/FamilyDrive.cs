using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Families;
using Granary.ClusterTests.Checking.Measures;
using Granary.ClusterTests.Checking.Pacing;
using Microsoft.Extensions.Time.Testing;

namespace Granary.ClusterTests.Checking.Doubles;

/// <summary>
/// Runs one family of keys on a <see cref="FakeCache"/> with some workers in turn, and returns what it found. Time goes
/// on by 10 ms with each operation.
/// </summary>
internal sealed class FamilyDrive
{
    private const int Workers = 4;
    private const int StepsOfAWorker = 1000;

    private static readonly TimeSpan TimeOfAnOperation = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Func<FakeCache, Operation, Reply> _execute;
    private readonly FakeCache _cache;

    private FamilyDrive(Func<FakeCache, Operation, Reply> execute)
    {
        _execute = execute;
        _cache = new FakeCache(_time);
    }

    /// <summary>Prepares, steps and verifies.</summary>
    /// <param name="create">Makes the family.</param>
    /// <param name="execute">How the cache answers; the number counts the operations since the preparation.</param>
    public static async Task<FamilyTally> RunAsync(
        Func<RunClock, IKeyFamily> create, Func<FakeCache, Operation, int, Reply> execute)
    {
        int number = -1;
        var drive = new FamilyDrive((cache, operation) =>
            number < 0 ? cache.Execute(operation) : execute(cache, operation, ++number));
        var clock = new RunClock(drive._time);
        IKeyFamily family = create(clock);
        Worker[] workers = [.. Enumerable.Range(0, Workers).Select(index => drive.CreateWorker(index, clock))];
        await Task.WhenAll(workers.Select(family.PrepareAsync));
        number = 0;
        clock.Begin();

        Array.ForEach(workers, worker => worker.Pace = new Unpaced(drive._time, 3 * StepsOfAWorker));
        for (int step = 0; step < StepsOfAWorker; step++)
        {
            foreach (Worker worker in workers)
            {
                Assert.True(await worker.TurnAsync());
                await family.StepAsync(worker);
            }
        }

        await drive.CompleteAsync(Task.WhenAll(workers.Select(family.VerifyAsync)));
        return family.Tally;
    }

    // A worker that insists waits a little between its attempts.
    private async Task CompleteAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeOfAnOperation);
        }

        await task;
    }

    private Worker CreateWorker(int index, RunClock clock) =>
        new(index, Workers, seed: 7, new FakeCaller(Execute), clock, new ErrorLog(), new UnansweredKeys());

    private Reply Execute(Operation operation)
    {
        _time.Advance(TimeOfAnOperation);
        return _execute(_cache, operation);
    }
}
