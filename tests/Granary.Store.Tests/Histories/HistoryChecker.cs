namespace Granary.Store.Tests.Histories;

// Wing and Gong, "Testing and verifying concurrent objects" (1993), with Lowe's memory of what has been tried: look for an
// order in which one thread could have done the operations and got these answers, and in which none comes before one that
// was over when it began. Keys do not concern each other, so each has a history of its own.

/// <summary>Whether what several threads have seen of one key can have happened at all.</summary>
internal sealed class HistoryChecker
{
    /// <summary>Operations of a history: bits of the set of those that are done.</summary>
    public const int MaxOperations = 128;

    private readonly HistoryOperation[] _operations;
    private readonly bool _mayVanish;
    private readonly HashSet<(UInt128 Done, EntryState State)> _tried = [];

    private HistoryChecker(IEnumerable<HistoryOperation> history, bool mayVanish)
    {
        _operations = [.. history.OrderBy(static operation => operation.Start)];
        _mayVanish = mayVanish;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_operations.Length, MaxOperations, nameof(history));
    }

    /// <summary>Checks a history that begins with an absent key.</summary>
    /// <param name="history">Its operations, in any order.</param>
    /// <param name="mayVanish">Whether the entry may be evicted at any time.</param>
    public static bool IsLinearizable(IEnumerable<HistoryOperation> history, bool mayVanish) =>
        new HistoryChecker(history, mayVanish).CanEnd(UInt128.Zero, default);

    private bool CanEnd(UInt128 done, EntryState state)
    {
        if (!_tried.Add((done, state)))
        {
            return false;
        }

        long firstEnd = FirstEnd(done);
        for (int index = 0; index < _operations.Length && _operations[index].Start < firstEnd; index++)
        {
            UInt128 bit = UInt128.One << index;
            if ((done & bit) == UInt128.Zero
                && state.TryApply(_operations[index], out EntryState next)
                && CanEnd(done | bit, next))
            {
                return true;
            }
        }

        return firstEnd == long.MaxValue || (_mayVanish && state.Value is not null && CanEnd(done, default));
    }

    // What begins after that cannot be next. The greatest number if all are done.
    private long FirstEnd(UInt128 done)
    {
        long first = long.MaxValue;
        for (int index = 0; index < _operations.Length; index++)
        {
            if ((done & (UInt128.One << index)) == UInt128.Zero)
            {
                first = Math.Min(first, _operations[index].End);
            }
        }

        return first;
    }
}
