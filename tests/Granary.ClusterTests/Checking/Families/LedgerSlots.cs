using System.Collections.Concurrent;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The entries of a family that must be created before they are used. When one is over, the slot goes on with the next
/// key, which a worker creates in a turn of its own. Thread-safe.
/// </summary>
/// <param name="family">The letter of its keys.</param>
/// <param name="count">Slots.</param>
/// <param name="initial">What an entry holds at first.</param>
/// <param name="tally">Of the family.</param>
/// <param name="create">Opens the books of a slot's n-th key.</param>
internal sealed class LedgerSlots<TLedger>(
    char family, int count, byte[] initial, FamilyTally tally, Func<int, int, TLedger> create)
    where TLedger : class, ILedger
{
    private readonly Slot[] _slots = [.. Enumerable.Range(0, count).Select(slot => new Slot(KeyNames.Of(family, slot)))];
    private readonly ConcurrentQueue<TLedger> _former = [];

    /// <summary>Creates the worker's part of the entries.</summary>
    /// <exception cref="InvalidOperationException">The cluster does not take them.</exception>
    public async Task PrepareAsync(Worker worker)
    {
        for (int slot = worker.Number; slot < count; slot += worker.Count)
        {
            TLedger ledger = create(slot, 0);
            Reply reply = await worker.InsistAsync(Operation.Set(ledger.Key, initial), tally, _slots[slot].Watch);
            _slots[slot].Current = reply.Answer == Answer.Done
                ? ledger
                : throw new InvalidOperationException($"{_slots[slot].Watch.Name} cannot be created: {reply.Message}");
        }
    }

    /// <summary>Chooses an entry; or, with this turn, creates the next one of a slot whose last one is over.</summary>
    /// <returns>The entry's books and watch; none where the turn is used up, or somebody else creates.</returns>
    public async ValueTask<(TLedger? Ledger, KeyWatch Watch)> ChooseAsync(Worker worker)
    {
        int number = worker.Random.Next(count);
        Slot slot = _slots[number];
        TLedger current = slot.Current!;
        if (!current.IsOver)
        {
            return (current, slot.Watch);
        }

        if (Interlocked.Exchange(ref slot.IsClaimed, true))
        {
            return (null, slot.Watch);
        }

        TLedger next = create(number, ++slot.Turn);
        Reply reply = await worker.ExecuteAsync(Operation.Set(next.Key, initial), tally, slot.Watch);
        if (reply.Answer == Answer.Done)
        {
            _former.Enqueue(current);
            slot.Current = next;
        }

        Volatile.Write(ref slot.IsClaimed, false);
        return (null, slot.Watch);
    }

    /// <summary>All entries there were, each worker's part; the watch is the slot's only for current ones.</summary>
    public IEnumerable<(TLedger Ledger, KeyWatch Watch)> PartOf(Worker worker)
    {
        var former = new KeyWatch($"former {family}");
        return _slots.Select(slot => (slot.Current!, slot.Watch))
            .Concat(_former.Select(ledger => (ledger, former)))
            .Where((_, index) => index % worker.Count == worker.Number);
    }

    private sealed class Slot(string name)
    {
        public bool IsClaimed;

        public KeyWatch Watch { get; } = new(name);

        public int Turn { get; set; }

        public volatile TLedger? Current;
    }
}
