using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The ledger of one counter that many increment by 1. Every answer, and what is there at the end, is at least what was
/// acknowledged before the question, and at most that and what may have been applied. Thread-safe.
/// </summary>
internal sealed class Counter(int slot, int turn, FamilyTally tally) : ILedger
{
    private readonly Lock _lock = new();
    private long _possible; // begun, and not refused
    private long _acknowledged;
    private long _missing; // increments already reported as lost
    private long _surplus; // and as doubled

    public ReadOnlyMemory<byte> Key { get; } = KeyNames.Of('c', slot, turn);

    public bool IsOver { get; private set; }

    /// <returns>What is acknowledged now.</returns>
    public long BeginIncrement()
    {
        lock (_lock)
        {
            _possible++;
            return _acknowledged;
        }
    }

    /// <param name="acknowledgedBefore">From <see cref="BeginIncrement"/>.</param>
    /// <param name="reply">The answer.</param>
    public void EndIncrement(long acknowledgedBefore, in Reply reply)
    {
        lock (_lock)
        {
            switch (reply.Answer)
            {
                case Answer.Done:
                    _acknowledged++;
                    Compare_NeedsLock(acknowledgedBefore + 1, (long)reply.Number);
                    break;
                case Answer.NotDone:
                    _possible--;
                    Lose_NeedsLock();
                    break;
                case Answer.Refused:
                    _possible--;
                    break;
                default:
                    break; // it stays possible
            }
        }
    }

    /// <param name="value">What is there at the end; <see langword="null"/> on a miss.</param>
    public void Verify(long? value)
    {
        lock (_lock)
        {
            if (value is { } number)
            {
                Compare_NeedsLock(_acknowledged, number);
            }
            else
            {
                Lose_NeedsLock();
            }
        }
    }

    private void Compare_NeedsLock(long least, long number)
    {
        string description = string.Create(
            CultureInfo.InvariantCulture, $"{number} instead of {least} to {_possible}");
        if (least - number > _missing)
        {
            tally.Add(Anomaly.Lost, Key, description, least - number - _missing);
            _missing = least - number;
        }

        if (number - _possible > _surplus)
        {
            tally.Add(Anomaly.Doubled, Key, description, number - _possible - _surplus);
            _surplus = number - _possible;
        }
    }

    private void Lose_NeedsLock()
    {
        if (!IsOver)
        {
            IsOver = true;
            tally.AddLost(Key, 1 + _acknowledged, $"nothing instead of at least {_acknowledged}");
        }
    }
}
