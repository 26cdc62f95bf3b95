using System.Globalization;
using System.Text;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>One entry of the cold set: length and content follow from its number.</summary>
/// <param name="Number">0-based.</param>
internal readonly record struct ColdEntry(int Number)
{
    private const int LongValueEvery = 256; // such a value travels in pages: it is over 64 KiB
    private const int LongValueBytes = 100_000;
    private const int MinBytes = 200;
    private const int MaxBytes = 7_800;

    public byte[] Key => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"b:{Number}"));

    public int LengthBytes => Number % LongValueEvery == LongValueEvery - 1
        ? LongValueBytes
        : MinBytes + (int)(Seed % (MaxBytes - MinBytes));

    private ulong Seed => Content.Mix((ulong)Number ^ 0xC01D);

    /// <summary>How many entries have so many bytes of values together, rounded up.</summary>
    public static int CountFor(long bytes)
    {
        int count = 0;
        for (long total = 0; total < bytes; count++)
        {
            total += new ColdEntry(count).LengthBytes;
        }

        return count;
    }

    public void WriteValue(Span<byte> destination) => Content.Fill(destination, Seed);

    public bool IsValue(ReadOnlySpan<byte> value) => value.Length == LengthBytes && Content.Matches(value, Seed);
}
