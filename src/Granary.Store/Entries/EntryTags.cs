using System.Runtime.InteropServices;

namespace Granary.Store.Entries;

/// <summary>The tags that an entry has: their hashes, which the store takes as they are.</summary>
public readonly record struct EntryTags
{
    /// <summary>Most tags of an entry: what 4 bits of its record count.</summary>
    public const int MaxCount = 15;

    internal const int MaxBytes = MaxCount * sizeof(ulong);

    private readonly ReadOnlyMemory<ulong> _hashes;

    /// <summary>Tags by their hashes.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxCount"/>.</exception>
    public EntryTags(ReadOnlyMemory<ulong> hashes)
    {
        if (hashes.Length > MaxCount)
        {
            throw new ArgumentException($"There are {hashes.Length} tags; an entry can have {MaxCount}.", nameof(hashes));
        }

        _hashes = hashes;
    }

    internal ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_hashes.Span);
}
