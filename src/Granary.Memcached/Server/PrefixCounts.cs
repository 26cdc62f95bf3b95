using System.Globalization;
using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Server;

/// <summary>
/// Counts commands by what their keys have before a delimiter, as memcached's <c>stats detail</c> does: classic and binary
/// ones, whichever silo has the key. Keys without the delimiter do not count. Thread-safe.
/// </summary>
/// <param name="delimiter">The delimiter; <see langword="null"/> for a colon, and to be off at first.</param>
internal sealed class PrefixCounts(char? delimiter)
{
    /// <summary>Prefixes that are counted; the keys of others are not, until a reset. memcached has no bound.</summary>
    public const int MaxPrefixes = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PrefixCount> _all = new(StringComparer.Ordinal); // a character is a byte
    private volatile bool _isOn = delimiter is not null;

    public char Delimiter { get; } = delimiter ?? ':'; // memcached's

    public bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }

    public void CountGet(ReadOnlySpan<byte> key, bool isHit)
    {
        lock (_lock)
        {
            if (Find_NeedsLock(key) is { } count)
            {
                count.Gets++;
                count.Hits += isHit ? 1 : 0;
            }
        }
    }

    public void CountSet(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            if (Find_NeedsLock(key) is { } count)
            {
                count.Sets++;
            }
        }
    }

    public void CountDelete(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            if (Find_NeedsLock(key) is { } count)
            {
                count.Deletes++;
            }
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _all.Clear();
        }
    }

    /// <summary>A line for each prefix, with its end: <c>PREFIX name get 1 hit 1 set 1 del 1</c>.</summary>
    public List<string> Read()
    {
        lock (_lock)
        {
            return
            [
                .. _all.Select(static one => string.Create(
                    CultureInfo.InvariantCulture,
                    $"PREFIX {one.Key} get {one.Value.Gets} hit {one.Value.Hits} set {one.Value.Sets} del {one.Value.Deletes}\r\n")),
            ];
        }
    }

    private PrefixCount? Find_NeedsLock(ReadOnlySpan<byte> key)
    {
        int length = key.IndexOf((byte)Delimiter);
        if (length < 0)
        {
            return null;
        }

        Span<char> prefix = stackalloc char[ProtocolLimits.MaxKeyLength];
        prefix = prefix[..Encoding.Latin1.GetChars(key[..length], prefix)];
        Dictionary<string, PrefixCount>.AlternateLookup<ReadOnlySpan<char>> lookup =
            _all.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(prefix, out PrefixCount? count) && _all.Count < MaxPrefixes)
        {
            count = new PrefixCount();
            lookup[prefix] = count;
        }

        return count;
    }
}
