using System.Buffers.Text;
using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Locks that all workers take with add and give back with delete. See <see cref="LockEntry"/>.</summary>
internal sealed class LockFamily : IKeyFamily
{
    private const int MaxDigits = 20;

    private readonly LockEntry[] _locks;
    private readonly KeyWatch[] _watches;
    private long _tokens;

    public LockFamily(int count, RunClock clock)
    {
        Tally = new FamilyTally("locks", clock) { Keys = count };
        _locks = [.. Enumerable.Range(0, count).Select(slot => new LockEntry(slot, turn: 0, Tally))];
        _watches = [.. Enumerable.Range(0, count).Select(slot => new KeyWatch(KeyNames.Of('l', slot)))];
    }

    public FamilyTally Tally { get; }

    public Task PrepareAsync(Worker worker) => Task.CompletedTask;

    public async ValueTask StepAsync(Worker worker)
    {
        int slot = worker.Random.Next(_locks.Length);
        LockEntry entry = _locks[slot];
        if (await AddAsync(worker, slot, entry) is { } token)
        {
            if (worker.Random.Next(2) == 0 && await worker.TurnAsync())
            {
                await ReadAsync(worker, slot, entry, token);
            }

            // Where the run ends here, the lock stays held, and the end finds it so.
            if (await worker.TurnAsync())
            {
                entry.BeginDelete(token);
                Reply reply = await worker.ExecuteAsync(Operation.Delete(entry.Key), Tally, _watches[slot]);
                entry.EndDelete(reply.Answer);
            }
        }

        if (entry.IsOver)
        {
            Interlocked.CompareExchange(ref _locks[slot], new LockEntry(slot, entry.Turn + 1, Tally), entry);
        }
    }

    public async Task VerifyAsync(Worker worker)
    {
        for (int slot = worker.Number; slot < _locks.Length; slot += worker.Count)
        {
            LockEntry entry = _locks[slot];
            Reply reply = await worker.InsistAsync(Operation.Get(entry.Key), Tally, _watches[slot]);
            if (!reply.IsAnswered)
            {
                Tally.Add(Anomaly.Unverified, entry.Key, reply.Message ?? string.Empty);
            }
            else if (!entry.IsOver)
            {
                entry.Verify(TokenOf(reply));
            }
        }
    }

    private async ValueTask<long?> AddAsync(Worker worker, int slot, LockEntry entry)
    {
        long token = Interlocked.Increment(ref _tokens);
        Memory<byte> digits = worker.Scratch(MaxDigits);
        token.TryFormat(digits.Span, out int length, provider: CultureInfo.InvariantCulture);
        long soleAdd = entry.BeginAdd();
        Reply reply = await worker.ExecuteAsync(Operation.Add(entry.Key, digits[..length]), Tally, _watches[slot]);
        return entry.EndAdd(soleAdd, token, reply.Answer) ? token : null;
    }

    private async ValueTask ReadAsync(Worker worker, int slot, LockEntry entry, long token)
    {
        Reply reply = await worker.ExecuteAsync(Operation.Get(entry.Key), Tally, _watches[slot]);
        if (reply.IsAnswered)
        {
            entry.EndReadByHolder(token, TokenOf(reply));
        }
    }

    private static long? TokenOf(in Reply reply)
    {
        if (reply.Answer != Answer.Done)
        {
            return null;
        }

        return Utf8Parser.TryParse(reply.Value.Span, out long token, out int length) && length == reply.Value.Length
            ? token
            : -1;
    }
}
