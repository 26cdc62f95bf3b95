using System.ComponentModel;
using System.Runtime.CompilerServices;
using Granary.Client.Values;

namespace Granary.Client.Cache.Near;

/// <summary>
/// A value as the cluster has it, and the object that it becomes if nobody can change that. Thread-safe.
/// </summary>
/// <param name="bytes">As the codec takes them.</param>
/// <param name="flags">The entry's; <see cref="NullFlags"/> for no object.</param>
internal sealed class KeptValue(ReadOnlyMemory<byte> bytes, uint flags)
{
    /// <summary>The flags of an entry that is <see langword="null"/>: "GRnl".</summary>
    public const uint NullFlags = 0x47526E6C;

    private object? _shared;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public uint Flags => flags;

    public int Length => bytes.Length;

    public static KeptValue Of<T>(T value, EntryCodec codec)
    {
        if (value is null)
        {
            return new KeptValue(default, NullFlags);
        }

        EncodeBuffer scratch = EncodeBuffer.Rent();
        try
        {
            uint flags = 0;
            return new KeptValue(codec.Encode(value, scratch, ref flags).ToArray(), flags);
        }
        finally
        {
            scratch.Return();
        }
    }

    /// <summary>The value as an object of the caller's own, or one that nobody can change.</summary>
    /// <exception cref="FormatException">The bytes are no <typeparamref name="T"/>.</exception>
    public T Read<T>(EntryCodec codec)
    {
        if (_shared is T shared)
        {
            return shared;
        }

        if (flags == NullFlags)
        {
            return default!;
        }

        T value = codec.Decode<T>(bytes, flags, cas: 0).Value!;
        if (Immutability<T>.IsKnown)
        {
            _shared = value;
        }

        return value;
    }

    // As .NET's own HybridCache tells: strings, values without references, and what says so of itself.
    private static class Immutability<T>
    {
        public static readonly bool IsKnown = typeof(T) == typeof(string)
            || !RuntimeHelpers.IsReferenceOrContainsReferences<T>()
            || (typeof(T).IsSealed && typeof(T).GetCustomAttributes(typeof(ImmutableObjectAttribute), inherit: false)
                is [ImmutableObjectAttribute { Immutable: true }, ..]);
    }
}
