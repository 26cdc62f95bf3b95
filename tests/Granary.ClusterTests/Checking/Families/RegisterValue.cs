using System.Buffers.Binary;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>The value of a register's version: slot, turn and version in 16 bytes, then content that follows from
/// them, of a length that follows from them.</summary>
internal static class RegisterValue
{
    /// <summary>One register of so many has values that travel in pages: over 64 KiB.</summary>
    public const int LongValueEvery = 64;

    private const int HeaderBytes = 16;

    public static int LengthOf(int slot, int turn, long version)
    {
        int variation = (int)(SeedOf(slot, turn, version) % 900);
        return HeaderBytes + variation + (slot % LongValueEvery == LongValueEvery - 1 ? 80 << 10 : 16);
    }

    public static void Write(Span<byte> value, int slot, int turn, long version)
    {
        BinaryPrimitives.WriteInt32LittleEndian(value, slot);
        BinaryPrimitives.WriteInt32LittleEndian(value[4..], turn);
        BinaryPrimitives.WriteInt64LittleEndian(value[8..], version);
        Content.Fill(value[HeaderBytes..], SeedOf(slot, turn, version));
    }

    /// <returns>Whether all bytes are those that some version of this register has.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, int slot, int turn, out long version)
    {
        version = value.Length >= HeaderBytes ? BinaryPrimitives.ReadInt64LittleEndian(value[8..]) : 0;
        return value.Length >= HeaderBytes
            && BinaryPrimitives.ReadInt32LittleEndian(value) == slot
            && BinaryPrimitives.ReadInt32LittleEndian(value[4..]) == turn
            && value.Length == LengthOf(slot, turn, version)
            && Content.Matches(value[HeaderBytes..], SeedOf(slot, turn, version));
    }

    private static ulong SeedOf(int slot, int turn, long version) =>
        Content.Mix(((ulong)slot << 40) ^ ((ulong)turn << 56) ^ (ulong)version);
}
