using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The ledger of one register: an entry that one writer sets or deletes, with increasing version numbers, and that
/// everybody reads. What a read may find: a version that was begun before the read ended, and that is not older than
/// the last one acknowledged before the read began. Thread-safe.
/// </summary>
internal sealed class Register(int slot, int turn, FamilyTally tally)
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _unknown = [];
    private readonly HashSet<long> _refused = [];
    private readonly HashSet<long> _deletes = [];
    private long _begun;
    private long _acknowledged;
    private long _observed;
    private long _lastDelete; // 0: before the first write there is nothing
    private long _deleteBefore;
    private long _lost;

    /// <summary>What a read remembers of its beginning.</summary>
    /// <param name="Acknowledged">Newest version acknowledged.</param>
    /// <param name="Observed">Newest version that a read has found.</param>
    internal readonly record struct Snapshot(long Acknowledged, long Observed);

    public ReadOnlyMemory<byte> Key { get; } = KeyNames.Of('r', slot, turn);

    public int Turn => turn;

    /// <returns>The version that is written.</returns>
    public long BeginWrite(bool isDelete)
    {
        lock (_lock)
        {
            _begun++;
            if (isDelete)
            {
                _deletes.Add(_begun);
                _deleteBefore = _lastDelete;
                _lastDelete = _begun;
            }

            return _begun;
        }
    }

    public void EndWrite(long version, Answer answer)
    {
        lock (_lock)
        {
            switch (answer)
            {
                case Answer.Refused:
                    _refused.Add(version);
                    _lastDelete = _lastDelete == version ? _deleteBefore : _lastDelete;
                    break;
                case Answer.Unknown:
                    _unknown.Add(version);
                    break;
                case Answer.NotDone: // a delete that found nothing
                    CheckAbsence_NeedsLock(_acknowledged, _deleteBefore);
                    goto default;
                default:
                    _acknowledged = version;
                    _observed = Math.Max(_observed, version);
                    break;
            }
        }
    }

    public Snapshot BeginRead()
    {
        lock (_lock)
        {
            return new Snapshot(_acknowledged, _observed);
        }
    }

    public void EndReadOfNothing(Snapshot begin)
    {
        lock (_lock)
        {
            CheckAbsence_NeedsLock(begin.Acknowledged, _lastDelete);
        }
    }

    public void EndRead(Snapshot begin, ReadOnlySpan<byte> value)
    {
        bool isOurs = RegisterValue.TryRead(value, slot, turn, out long version);
        lock (_lock)
        {
            if (!isOurs || version > _begun || version < 1 || _deletes.Contains(version) || _refused.Contains(version))
            {
                tally.Add(Anomaly.Wrong, Key, Describe($"{value.Length} bytes that say version {version}", begin));
                return;
            }

            Anomaly? anomaly = (version < begin.Acknowledged, version < begin.Observed, _unknown.Contains(version)) switch
            {
                (false, false, _) => null,
                (true, _, true) => Anomaly.Late,
                (true, _, false) => Anomaly.Stale,
                _ => Anomaly.RolledBack,
            };
            if (anomaly is { } found)
            {
                tally.Add(found, Key, Describe($"version {version}", begin));
            }

            // After a step back reads are compared with what there is now, or one step would be counted for ever.
            _observed = anomaly == Anomaly.RolledBack ? version : Math.Max(_observed, version);
        }
    }

    // Absent is as good as the last delete begun; what was acknowledged after it is lost, once.
    private void CheckAbsence_NeedsLock(long acknowledged, long lastDelete)
    {
        if (lastDelete < acknowledged && _lost < acknowledged)
        {
            _lost = acknowledged;
            tally.AddLost(Key, 1, Describe("nothing", new Snapshot(acknowledged, _observed)));
        }
    }

    private string Describe(string found, Snapshot begin) => string.Create(
        CultureInfo.InvariantCulture,
        $"found {found}; version {begin.Acknowledged} acknowledged, {begin.Observed} seen, {_begun} begun");
}
