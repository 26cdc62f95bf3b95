using System.Buffers.Text;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Counters that all workers increment by 1. See <see cref="Counter"/>.</summary>
internal sealed class CounterFamily : IKeyFamily
{
    private readonly LedgerSlots<Counter> _counters;

    public CounterFamily(int count, RunClock clock)
    {
        Tally = new FamilyTally("counters", clock) { Keys = count };
        _counters = new LedgerSlots<Counter>(
            'c', count, "0"u8.ToArray(), Tally, (slot, turn) => new Counter(slot, turn, Tally));
    }

    public FamilyTally Tally { get; }

    public Task PrepareAsync(Worker worker) => _counters.PrepareAsync(worker);

    public async ValueTask StepAsync(Worker worker)
    {
        (Counter? counter, KeyWatch watch) = await _counters.ChooseAsync(worker);
        if (counter is not null)
        {
            long before = counter.BeginIncrement();
            Reply reply = await worker.ExecuteAsync(Operation.Increment(counter.Key), Tally, watch);
            counter.EndIncrement(before, reply);
        }
    }

    public async Task VerifyAsync(Worker worker)
    {
        foreach ((Counter counter, KeyWatch watch) in _counters.PartOf(worker).Where(pair => !pair.Ledger.IsOver))
        {
            Reply reply = await worker.InsistAsync(Operation.Get(counter.Key), Tally, watch);
            if (!reply.IsAnswered)
            {
                Tally.Add(Anomaly.Unverified, counter.Key, reply.Message ?? string.Empty);
            }
            else if (reply.Answer == Answer.NotDone)
            {
                counter.Verify(value: null);
            }
            else if (Utf8Parser.TryParse(reply.Value.Span, out long number, out int length)
                && length == reply.Value.Length)
            {
                counter.Verify(number);
            }
            else
            {
                Tally.Add(Anomaly.Wrong, counter.Key, $"no number but {reply.Value.Length} bytes");
            }
        }
    }
}
