using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Granary.Store.Saving;

/// <summary>The head of a saved store. Little-endian.</summary>
/// <remarks>
/// <code>
///  0       8         12            16         24              28       28 + n
///  | magic | version | shard count | saved at | origin length | origin | hash |
/// </code>
/// </remarks>
public sealed class SavedHeader
{
    /// <summary>Longest <see cref="Origin"/>. Bytes of UTF-8.</summary>
    public const int MaxOriginBytes = 1 << 20;

    internal const int FixedBytes = 28;

    // The version also stands for how a key's shard is found: with as many shards the entries go where they were.
    private const int Version = 1;

    internal SavedHeader(int shardCount, long savedAtUnixMilliseconds, string origin)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(origin), MaxOriginBytes, nameof(origin));
        ShardCount = shardCount;
        SavedAtUnixMilliseconds = savedAtUnixMilliseconds;
        Origin = origin;
    }

    /// <summary>Shards of the store.</summary>
    public int ShardCount { get; }

    /// <summary>When it was saved. UTC milliseconds since 1970.</summary>
    public long SavedAtUnixMilliseconds { get; }

    /// <summary>What the one who saved it has said of itself.</summary>
    public string Origin { get; }

    /// <summary>Of the head. Every block's checksum depends on it, so that no block of another file passes.</summary>
    internal ulong Hash { get; private set; }

    internal static ReadOnlySpan<byte> Magic => "GRANARY\n"u8;

    internal static ReadOnlySpan<byte> UsedMagic => "granary\n"u8;

    internal void Write(Stream target)
    {
        byte[] origin = Encoding.UTF8.GetBytes(Origin);
        byte[] bytes = new byte[FixedBytes + origin.Length + sizeof(ulong)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), ShardCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), SavedAtUnixMilliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), origin.Length);
        origin.CopyTo(bytes.AsSpan(FixedBytes));
        Hash = XxHash3.HashToUInt64(bytes.AsSpan(0, FixedBytes + origin.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(FixedBytes + origin.Length), Hash);
        target.Write(bytes);
    }

    /// <returns><see langword="null"/> unless it is loaded, so far.</returns>
    internal static SavedHeader? Read(Stream source, out LoadOutcome outcome)
    {
        outcome = LoadOutcome.Damaged;
        Span<byte> head = stackalloc byte[FixedBytes];
        bool isWhole = source.ReadAtLeast(head, FixedBytes, throwOnEndOfStream: false) == FixedBytes;
        if (isWhole && head.StartsWith(UsedMagic))
        {
            outcome = LoadOutcome.Used;
            return null;
        }

        if (!isWhole || !head.StartsWith(Magic))
        {
            return null;
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(head[8..]) != Version)
        {
            outcome = LoadOutcome.UnknownVersion;
            return null;
        }

        int originLength = BinaryPrimitives.ReadInt32LittleEndian(head[24..]);
        if (originLength is < 0 or > MaxOriginBytes)
        {
            return null;
        }

        byte[] bytes = new byte[FixedBytes + originLength + sizeof(ulong)];
        head.CopyTo(bytes);
        int rest = bytes.Length - FixedBytes;
        if (source.ReadAtLeast(bytes.AsSpan(FixedBytes), rest, throwOnEndOfStream: false) != rest)
        {
            return null;
        }

        ulong hash = XxHash3.HashToUInt64(bytes.AsSpan(0, FixedBytes + originLength));
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(FixedBytes + originLength)) != hash)
        {
            return null;
        }

        outcome = LoadOutcome.Loaded;
        return new SavedHeader(
            BinaryPrimitives.ReadInt32LittleEndian(head[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[16..]),
            Encoding.UTF8.GetString(bytes, FixedBytes, originLength))
        {
            Hash = hash,
        };
    }
}
