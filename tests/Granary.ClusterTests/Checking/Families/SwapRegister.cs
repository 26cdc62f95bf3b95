using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The ledger of one number that many read and replace by the next one with compare-and-set. Nobody else may be told
/// that he wrote the same number, and no read finds less than what was acknowledged before it began. Thread-safe.
/// </summary>
internal sealed class SwapRegister(int slot, int turn, FamilyTally tally) : ILedger
{
    private readonly Lock _lock = new();
    private readonly List<bool> _won = [];
    private long _begun; // highest number anybody tried to write
    private long _highest; // highest number acknowledged
    private long _acknowledged;
    private long _unknown;

    public ReadOnlyMemory<byte> Key { get; } = KeyNames.Of('s', slot, turn);

    public bool IsOver { get; private set; }

    /// <returns>The highest number acknowledged.</returns>
    public long BeginRead()
    {
        lock (_lock)
        {
            return _highest;
        }
    }

    /// <param name="highestBefore">From <see cref="BeginRead"/>.</param>
    /// <param name="number">What was found; negative if it is no number.</param>
    public void EndRead(long highestBefore, long number)
    {
        lock (_lock)
        {
            if (IsPossible_NeedsLock(number) && number < highestBefore)
            {
                tally.Add(Anomaly.Stale, Key, Describe(number));
            }
        }
    }

    public void EndReadOfNothing()
    {
        lock (_lock)
        {
            Lose_NeedsLock();
        }
    }

    /// <param name="number">That is to be written.</param>
    public void BeginSwap(long number)
    {
        lock (_lock)
        {
            _begun = Math.Max(_begun, number);
        }
    }

    public void EndSwap(long number, Answer answer)
    {
        lock (_lock)
        {
            if (answer == Answer.NotDone)
            {
                Lose_NeedsLock();
            }
            else if (answer == Answer.Unknown)
            {
                _unknown++;
            }
            else if (answer == Answer.Done)
            {
                Win_NeedsLock(number);
            }
        }
    }

    /// <param name="number">What is there at the end.</param>
    public void Verify(long number)
    {
        lock (_lock)
        {
            if (!IsPossible_NeedsLock(number))
            {
                return;
            }

            if (number < _highest)
            {
                tally.Add(Anomaly.Lost, Key, Describe(number), _highest - number);
            }
            else if (number > _acknowledged + _unknown)
            {
                tally.Add(Anomaly.Doubled, Key, Describe(number), number - _acknowledged - _unknown);
            }
        }
    }

    private bool IsPossible_NeedsLock(long number)
    {
        bool isPossible = number >= 0 && number <= _begun;
        if (!isPossible)
        {
            tally.Add(Anomaly.Wrong, Key, Describe(number));
        }

        return isPossible;
    }

    private void Win_NeedsLock(long number)
    {
        while (_won.Count <= number)
        {
            _won.Add(false);
        }

        if (_won[(int)number])
        {
            tally.Add(Anomaly.Doubled, Key, $"two callers were told that they wrote {number}");
            return;
        }

        _won[(int)number] = true;
        _acknowledged++;
        _highest = Math.Max(_highest, number);
    }

    private void Lose_NeedsLock()
    {
        if (!IsOver)
        {
            IsOver = true;
            tally.AddLost(Key, 1 + _acknowledged, $"nothing instead of {_highest} or more");
        }
    }

    private string Describe(long number) => string.Create(
        CultureInfo.InvariantCulture,
        $"found {number}; {_highest} acknowledged, {_begun} begun, {_acknowledged} done, {_unknown} unknown");
}
