using System.Buffers.Text;
using System.Diagnostics;

namespace Granary.Benchmarks.Load;

/// <summary>Keys by number and the one value that belongs to each, so that every answer can be checked.</summary>
/// <remarks>Immutable; any thread.</remarks>
internal sealed class KeySpace
{
    private const int ValueStarts = 1 << 16;
    private static readonly byte[] KeyPrefix = "key:"u8.ToArray();

    // A value is a slice of these random bytes that begins where the hash of its key's number says: two keys
    // share one once in 65,536 pairs, and nothing per key is held.
    private readonly byte[] _bank;

    public KeySpace(int count, int keyLengthBytes, int valueLengthBytes)
    {
        Count = count;
        KeyLengthBytes = keyLengthBytes;
        ValueLengthBytes = valueLengthBytes;
        _bank = new byte[ValueStarts + valueLengthBytes];
        new Random(1).NextBytes(_bank);
    }

    public int Count { get; }

    public int KeyLengthBytes { get; }

    public int ValueLengthBytes { get; }

    /// <summary>"key:" and the number, zeros in front, into <see cref="KeyLengthBytes"/> bytes.</summary>
    public void WriteKey(int number, Span<byte> destination)
    {
        KeyPrefix.CopyTo(destination);
        Span<byte> digits = destination[KeyPrefix.Length..KeyLengthBytes];
        bool written = Utf8Formatter.TryFormat(number, digits, out _, new('D', (byte)digits.Length));
        Debug.Assert(written, "The key has room for its number.");
    }

    /// <summary>Where the value of a key begins, for <see cref="ValueAt"/>.</summary>
    public static int ValueStart(int number) => (int)((ulong)number * 0x9E3779B97F4A7C15 >> 48); // Fibonacci hashing

    public ReadOnlySpan<byte> ValueAt(int start) => _bank.AsSpan(start, ValueLengthBytes);
}
