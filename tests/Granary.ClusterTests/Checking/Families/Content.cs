using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Bytes that follow from a number, so that a value need not be kept to be compared.</summary>
internal static class Content
{
    public static void Fill(Span<byte> destination, ulong seed)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(destination);
        ulong state = Mix(seed);
        for (int index = 0; index < words.Length; index++)
        {
            words[index] = state;
            state = Next(state);
        }

        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, state);
        Span<byte> rest = destination[(words.Length * sizeof(ulong))..];
        last[..rest.Length].CopyTo(rest);
    }

    public static bool Matches(ReadOnlySpan<byte> value, ulong seed)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(value);
        ulong state = Mix(seed);
        foreach (ulong word in words)
        {
            if (word != state)
            {
                return false;
            }

            state = Next(state);
        }

        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, state);
        ReadOnlySpan<byte> rest = value[(words.Length * sizeof(ulong))..];
        return last[..rest.Length].SequenceEqual(rest);
    }

    /// <summary>Another number for each number, with all bits mixed (splitmix64).</summary>
    public static ulong Mix(ulong number)
    {
        ulong mixed = number + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private static ulong Next(ulong state) => (state * 0x5851F42D4C957F2D) + 0x14057B7EF767814F; // Knuth's MMIX
}
