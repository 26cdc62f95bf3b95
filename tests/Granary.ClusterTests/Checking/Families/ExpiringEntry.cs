using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The ledger of one entry that expires: one writer stores and touches it, everybody reads it. It is there until its
/// time, which is known from when the change was sent and answered, and not after it; flags stay, and the cas does
/// while the entry is not stored again. Thread-safe.
/// </summary>
internal sealed class ExpiringEntry(int slot, int turn, FamilyTally tally, RunClock clock)
{
    /// <summary>How far from its time an entry may come or go: a sweep, a clock's tick, a thread that had to wait.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private int _change; // odd while one is under way: nothing is known of the time then
    private int _stores;
    private TimeSpan _earliest;
    private TimeSpan _latest;
    private uint _flags;
    private ulong _cas; // 0 until somebody has read it
    private bool _isLost = true;

    public ReadOnlyMemory<byte> Key { get; } = KeyNames.Of('e', slot, turn);

    public int Turn => turn;

    /// <summary>Whether it may be stored: it was lost, or its time is long over.</summary>
    public bool IsGone
    {
        get
        {
            lock (_lock)
            {
                return _isLost || clock.Elapsed > _latest + Slack + Slack;
            }
        }
    }

    /// <summary>The flags of the last store, which follow from how manieth it was.</summary>
    public uint Flags => _flags;

    /// <summary>Of the value that is stored next, or was stored last.</summary>
    public ulong Seed => Content.Mix(((ulong)slot << 40) ^ ((ulong)turn << 20) ^ (ulong)_stores);

    /// <summary>Begins to store it anew.</summary>
    public void BeginStore()
    {
        lock (_lock)
        {
            _change++;
            _stores++;
            _flags = (uint)(Content.Mix(Seed) & 0xFFFF);
            _cas = 0;
            _isLost = true; // until it is acknowledged
        }
    }

    public void BeginTouch()
    {
        lock (_lock)
        {
            _change++;
        }
    }

    /// <param name="begin">When the change was sent, from the beginning of the run.</param>
    /// <param name="end">When its answer was there.</param>
    /// <param name="lifetime">The time it gave.</param>
    /// <param name="answer">Of the store or touch.</param>
    public void EndChange(TimeSpan begin, TimeSpan end, TimeSpan lifetime, Answer answer)
    {
        lock (_lock)
        {
            _change++;
            if (answer == Answer.Done)
            {
                _earliest = begin + lifetime;
                _latest = end + lifetime;
                _isLost = false;
            }
            else if (answer == Answer.NotDone)
            {
                CheckAbsence_NeedsLock(end);
            }
        }
    }

    /// <returns>The state of the books, for <see cref="EndRead"/>.</returns>
    public int BeginRead()
    {
        lock (_lock)
        {
            return _change;
        }
    }

    /// <param name="change">From <see cref="BeginRead"/>.</param>
    /// <param name="begin">When the read was sent, from the beginning of the run.</param>
    /// <param name="end">When its answer was there.</param>
    /// <param name="reply">A hit or a miss.</param>
    public void EndRead(int change, TimeSpan begin, TimeSpan end, in Reply reply)
    {
        lock (_lock)
        {
            if (change != _change || change % 2 != 0)
            {
                return;
            }

            if (reply.Answer == Answer.NotDone)
            {
                CheckAbsence_NeedsLock(end);
                return;
            }

            if (begin > _latest + Slack)
            {
                tally.Add(Anomaly.Stale, Key, Describe($"there {begin - _latest} after its time"));
            }

            CheckContent_NeedsLock(reply);
        }
    }

    private void CheckContent_NeedsLock(in Reply reply)
    {
        _cas = _cas == 0 ? reply.Cas : _cas;
        if (!Content.Matches(reply.Value.Span, Seed) || reply.Flags != _flags || reply.Cas != _cas)
        {
            tally.Add(
                Anomaly.Wrong,
                Key,
                Describe($"flags {reply.Flags} for {_flags}, cas {reply.Cas} for {_cas}, {reply.Value.Length} bytes"));
            _cas = reply.Cas;
        }
    }

    private void CheckAbsence_NeedsLock(TimeSpan end)
    {
        if (!_isLost && end < _earliest - Slack)
        {
            _isLost = true;
            tally.AddLost(Key, 1, Describe($"gone {_earliest - end} before its time"));
        }
    }

    private string Describe(string found) =>
        string.Create(CultureInfo.InvariantCulture, $"{found} (store {_stores}, change {_change})");
}
