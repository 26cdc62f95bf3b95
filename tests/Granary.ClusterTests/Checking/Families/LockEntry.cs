using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The ledger of one lock: who adds the entry holds it until he deletes it. While it is held no other add succeeds; while
/// it is free, and nobody else asks for it, an add does. Thread-safe.
/// </summary>
internal sealed class LockEntry(int slot, int turn, FamilyTally tally)
{
    private readonly Lock _lock = new();
    private long _holder; // token; 0 is nobody
    private long _adds; // begun
    private int _changing; // adds and deletes under way

    public ReadOnlyMemory<byte> Key { get; } = KeyNames.Of('l', slot, turn);

    public int Turn => turn;

    /// <summary>Whether nothing can be said of the entry any more.</summary>
    public bool IsOver { get; private set; }

    /// <returns>The number of this add if the lock is free and nobody else changes it; else 0.</returns>
    public long BeginAdd()
    {
        lock (_lock)
        {
            _adds++;
            return _changing++ == 0 && _holder == 0 ? _adds : 0;
        }
    }

    /// <param name="soleAdd">From <see cref="BeginAdd"/>.</param>
    /// <param name="token">Of who asks.</param>
    /// <param name="answer">To the add.</param>
    /// <returns>Whether the caller holds the lock now.</returns>
    public bool EndAdd(long soleAdd, long token, Answer answer)
    {
        lock (_lock)
        {
            _changing--;
            IsOver |= answer == Answer.Unknown;
            if (answer == Answer.NotDone && soleAdd == _adds && !IsOver)
            {
                tally.Add(Anomaly.Stale, Key, "an entry is there that has been deleted");
                IsOver = true;
            }

            if (answer != Answer.Done || IsOver)
            {
                return false;
            }

            if (_holder != 0)
            {
                Lose_NeedsLock("granted again before the holder has given it back");
                return false;
            }

            _holder = token;
            return true;
        }
    }

    /// <param name="token">Of the holder who has read the entry.</param>
    /// <param name="found">The token that is there; <see langword="null"/> on a miss.</param>
    public void EndReadByHolder(long token, long? found)
    {
        lock (_lock)
        {
            if (_holder == token && found != token && !IsOver)
            {
                Lose_NeedsLock(string.Create(CultureInfo.InvariantCulture, $"the holder {token} found {found}"));
            }
        }
    }

    public void BeginDelete(long token)
    {
        lock (_lock)
        {
            _changing++;
            _holder = _holder == token ? 0 : _holder;
        }
    }

    public void EndDelete(Answer answer)
    {
        lock (_lock)
        {
            _changing--;
            IsOver |= answer is Answer.Unknown or Answer.Refused;
            if (answer == Answer.NotDone && !IsOver)
            {
                Lose_NeedsLock("nothing was there to be deleted by its holder");
            }
        }
    }

    /// <param name="found">The token that is there at the end; <see langword="null"/> on a miss.</param>
    public void Verify(long? found)
    {
        lock (_lock)
        {
            if (_holder == 0 && found is not null)
            {
                tally.Add(Anomaly.Stale, Key, "an entry is there that has been deleted");
            }
            else if (_holder != 0 && found != _holder)
            {
                Lose_NeedsLock(string.Create(CultureInfo.InvariantCulture, $"at the end {found} for {_holder}"));
            }
        }
    }

    // A lost lock is given up: from here on its holders would take each other's entries away.
    private void Lose_NeedsLock(string description)
    {
        IsOver = true;
        tally.AddLost(Key, 1, description);
    }
}
