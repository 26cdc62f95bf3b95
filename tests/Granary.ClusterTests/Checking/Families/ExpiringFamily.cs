using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Entries that expire: each worker stores and touches its own, all read all. See <see cref="ExpiringEntry"/>.</summary>
internal sealed class ExpiringFamily : IKeyFamily
{
    private const int ValueBytes = 100;
    private const int ReadsPerChange = 4;
    private const int ChangesPerTouch = 10; // more, and hardly an entry would live to its end
    private const int MinSeconds = 2;
    private const int MaxSeconds = 8;

    private readonly ExpiringEntry[] _entries;
    private readonly KeyWatch[] _watches;
    private readonly RunClock _clock;

    public ExpiringFamily(int count, RunClock clock)
    {
        _clock = clock;
        Tally = new FamilyTally("expiring", clock) { Keys = count };
        _entries = [.. Enumerable.Range(0, count).Select(slot => new ExpiringEntry(slot, turn: 0, Tally, clock))];
        _watches = [.. Enumerable.Range(0, count).Select(slot => new KeyWatch(KeyNames.Of('e', slot)))];
    }

    public FamilyTally Tally { get; }

    public Task PrepareAsync(Worker worker) => Task.CompletedTask;

    public async ValueTask StepAsync(Worker worker)
    {
        int own = (_entries.Length - worker.Number + worker.Count - 1) / worker.Count;
        if (own == 0 || worker.Random.Next(1 + ReadsPerChange) != 0)
        {
            await ReadAsync(worker, worker.Random.Next(_entries.Length), insist: false);
            return;
        }

        int slot = worker.Number + (worker.Random.Next(own) * worker.Count);
        if (_entries[slot].IsGone || worker.Random.Next(ChangesPerTouch) == 0)
        {
            await ChangeAsync(worker, slot, _entries[slot]);
        }
        else
        {
            await ReadAsync(worker, slot, insist: false);
        }
    }

    public async Task VerifyAsync(Worker worker)
    {
        for (int slot = worker.Number; slot < _entries.Length; slot += worker.Count)
        {
            await ReadAsync(worker, slot, insist: true);
        }
    }

    private async ValueTask ChangeAsync(Worker worker, int slot, ExpiringEntry entry)
    {
        int seconds = worker.Random.Next(MinSeconds, MaxSeconds + 1);
        Operation operation;
        if (entry.IsGone)
        {
            entry.BeginStore();
            Memory<byte> value = worker.Scratch(ValueBytes);
            Content.Fill(value.Span, entry.Seed);
            operation = Operation.Set(entry.Key, value, entry.Flags, seconds);
        }
        else
        {
            entry.BeginTouch();
            operation = Operation.Touch(entry.Key, seconds);
        }

        TimeSpan begin = _clock.Elapsed;
        Reply reply = await worker.ExecuteAsync(operation, Tally, _watches[slot]);
        entry.EndChange(begin, _clock.Elapsed, TimeSpan.FromSeconds(seconds), reply.Answer);
        if (reply.Answer == Answer.Unknown || (reply.Answer == Answer.Refused && operation.Kind == OperationKind.Set))
        {
            // What is there now, or will be, is not what the books say.
            _entries[slot] = new ExpiringEntry(slot, entry.Turn + 1, Tally, _clock);
        }
    }

    private async ValueTask ReadAsync(Worker worker, int slot, bool insist)
    {
        ExpiringEntry entry = _entries[slot];
        int change = entry.BeginRead();
        TimeSpan begin = _clock.Elapsed;
        var operation = Operation.Get(entry.Key);
        Reply reply = insist
            ? await worker.InsistAsync(operation, Tally, _watches[slot])
            : await worker.ExecuteAsync(operation, Tally, _watches[slot]);
        if (reply.IsAnswered)
        {
            entry.EndRead(change, begin, _clock.Elapsed, reply);
        }
        else if (insist)
        {
            Tally.Add(Anomaly.Unverified, entry.Key, reply.Message ?? string.Empty);
        }
    }
}
