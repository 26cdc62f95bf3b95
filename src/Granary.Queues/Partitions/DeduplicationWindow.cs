using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Granary.Queues.Partitions;

/// <summary>
/// The MessageIds of the last minutes, as 128-bit hashes: about 72 bytes each, whatever their length. Of 2^32 ids two
/// are taken for one with a chance of 2^-65. Depends on the times in the records only, so a replay ends in the same window.
/// </summary>
internal sealed class DeduplicationWindow(CurrentOptions options)
{
    private readonly Dictionary<UInt128, Remembered> _known = [];
    private readonly Queue<Remembered> _byTime = [];

    public int Count => _known.Count;

    private long WindowMilliseconds => options.Value.DeduplicationWindow.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Ids that were forgotten before their time because there were too many.</summary>
    public long ForgottenEarly { get; private set; }

    public IEnumerable<Remembered> All => _byTime;

    public bool TryFind(string messageId, long now, out long offset)
    {
        bool found = _known.TryGetValue(HashOf(messageId), out Remembered known) && now - known.At < WindowMilliseconds;
        offset = found ? known.Offset : -1;
        return found;
    }

    public void Add(string messageId, long offset, long at) => Add(new Remembered(HashOf(messageId), offset, at));

    public void Add(Remembered entry)
    {
        _known[entry.Hash] = entry;
        _byTime.Enqueue(entry);
        Forget(entry.At);
    }

    /// <summary>Forgets what is older than the window.</summary>
    public void Forget(long now)
    {
        while (_byTime.TryPeek(out Remembered oldest))
        {
            bool old = now - oldest.At >= WindowMilliseconds;
            if (!old && _byTime.Count <= options.Value.DeduplicationMaxEntries)
            {
                return;
            }

            ForgottenEarly += old ? 0 : 1;
            _byTime.Dequeue();
            if (_known.TryGetValue(oldest.Hash, out Remembered known) && known.Offset == oldest.Offset)
            {
                _known.Remove(oldest.Hash);
            }
        }
    }

    private static UInt128 HashOf(string messageId) =>
        XxHash128.HashToUInt128(MemoryMarshal.AsBytes(messageId.AsSpan()));

    /// <summary>One id.</summary>
    internal readonly record struct Remembered(UInt128 Hash, long Offset, long At);
}
