using Granary.Store.Entries;

namespace Granary.Store.Shards;

/// <summary>A value as it was at one moment: pinned if it is long, else copied.</summary>
internal sealed class HeldValue : IDisposable
{
    private const int CopyBytes = 64 << 10;

    private readonly EntryInfo _info;
    private readonly byte[]? _copy;
    private readonly PinnedValue? _pinned;

    public HeldValue(EntryInfo info, PinnedValue pinned)
    {
        _info = info;
        _pinned = pinned;
    }

    public HeldValue(EntryInfo info, ReadOnlySpan<byte> value)
    {
        _info = info;
        _copy = value.ToArray();
    }

    public int Length => _info.ValueLength;

    public uint Flags => _info.Flags;

    public ulong Cas => _info.Cas;

    /// <summary>When an entry expires that takes its place.</summary>
    public Expiration Expiration { get; set; }

    /// <summary>Copies the part of the value that begins at an offset.</summary>
    public void CopyTo(int offset, Span<byte> destination)
    {
        if (_pinned is null)
        {
            _copy.AsSpan(offset, destination.Length).CopyTo(destination);
            return;
        }

        _pinned.CopyTo(offset, destination);
    }

    /// <returns><see langword="false"/> if there is no room.</returns>
    public bool TryCopyTo(StagedValue target)
    {
        if (_pinned is null)
        {
            return target.TryWrite(_copy);
        }

        Span<byte> buffer = new byte[Math.Min(CopyBytes, Length)];
        for (int offset = 0; offset < Length;)
        {
            Span<byte> piece = buffer[..Math.Min(buffer.Length, Length - offset)];
            _pinned.CopyTo(offset, piece);
            if (!target.TryWrite(piece))
            {
                return false;
            }

            offset += piece.Length;
        }

        return true;
    }

    public void Dispose() => _pinned?.Dispose();
}
