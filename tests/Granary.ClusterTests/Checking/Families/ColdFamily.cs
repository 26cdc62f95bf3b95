using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Entries that are stored before the run and read again when it is over, all of them.</summary>
internal sealed class ColdFamily : IKeyFamily
{
    private readonly KeyWatch _watch = new("b");
    private readonly int _count;

    /// <param name="mebibytes">Of values, together.</param>
    /// <param name="clock">Of the run.</param>
    public ColdFamily(int mebibytes, RunClock clock)
    {
        _count = ColdEntry.CountFor((long)mebibytes << 20);
        Tally = new FamilyTally("cold", clock) { Keys = _count };
    }

    public FamilyTally Tally { get; }

    public async Task PrepareAsync(Worker worker)
    {
        for (int number = worker.Number; number < _count; number += worker.Count)
        {
            var entry = new ColdEntry(number);
            Memory<byte> value = worker.Scratch(entry.LengthBytes);
            entry.WriteValue(value.Span);
            Reply reply = await worker.InsistAsync(Operation.Set(entry.Key, value), Tally, _watch);
            if (reply.Answer != Answer.Done)
            {
                throw new InvalidOperationException($"Entry {number} of {_count} cannot be stored: {reply.Message}");
            }
        }
    }

    public ValueTask StepAsync(Worker worker) => ValueTask.CompletedTask;

    /// <remarks>The entries that another worker has stored: mostly one of the other protocol.</remarks>
    public async Task VerifyAsync(Worker worker)
    {
        for (int number = (worker.Number + 1) % worker.Count; number < _count; number += worker.Count)
        {
            var entry = new ColdEntry(number);
            Reply reply = await worker.InsistAsync(Operation.Get(entry.Key), Tally, _watch);
            if (!reply.IsAnswered)
            {
                Tally.Add(Anomaly.Unverified, entry.Key, reply.Message ?? string.Empty);
            }
            else if (reply.Answer == Answer.NotDone)
            {
                Tally.AddLost(entry.Key, 1, "nothing at the end");
            }
            else if (!entry.IsValue(reply.Value.Span))
            {
                Tally.Add(Anomaly.Wrong, entry.Key, $"{reply.Value.Length} bytes that were not stored");
            }
        }
    }
}
