using System.Text;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Doubles;
using Granary.ClusterTests.Checking.Measures;
using Granary.ClusterTests.Checking.Pacing;
using Microsoft.Extensions.Time.Testing;

namespace Granary.ClusterTests.Checking;

/// <summary>A worker asks again for a key that has failed, and does its other work meanwhile.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task KeyThatFailed_IsAskedForInEveryOtherTurn_UntilItAnswersAsync()
    {
        var time = new FakeTimeProvider();
        var clock = new RunClock(time);
        var tally = new FamilyTally("family", clock);
        var watch = new KeyWatch("key");
        List<string> executed = [];
        var caller = new FakeCaller(operation =>
        {
            executed.Add($"{operation.Kind} {Encoding.ASCII.GetString(operation.Key.Span)}");
            return executed.Count < 6 && operation.Key.Span.SequenceEqual("key"u8)
                ? Reply.Refused(ErrorKind.Unavailable, "down")
                : Reply.Done();
        });
        var schedule = new Schedule(clock.Now, OperationsPerSecond: 100, Workers: 1, time.TimestampFrequency);
        var worker = new Worker(0, 1, seed: 1, caller, clock, new ErrorLog(), new UnansweredKeys())
        {
            Pace = new ScheduledPace(schedule, worker: 0, time, static _ => { }),
        };
        time.Advance(TimeSpan.FromMilliseconds(200)); // all of its turns are due

        foreach (string key in (string[])["key", "a", "b", "c", "d"])
        {
            Assert.True(await worker.TurnAsync());
            await worker.ExecuteAsync(Operation.Delete(Encoding.ASCII.GetBytes(key)), tally, key == "key" ? watch : new KeyWatch(key));
        }

        Assert.Equal(
            ["Delete key", "Get key", "Delete a", "Get key", "Delete b", "Get key", "Delete c", "Delete d"], executed);
        Assert.False(watch.IsFailing);
    }
}
