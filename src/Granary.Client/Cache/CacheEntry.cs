using System.Diagnostics.CodeAnalysis;

namespace Granary.Client;

/// <summary>What a read found: an entry, or with <see langword="default"/> a miss.</summary>
/// <typeparam name="T">The value's type; see <see cref="IGranaryCache"/> for how values map to bytes.</typeparam>
public readonly record struct CacheEntry<T>
{
    internal CacheEntry(T value, uint flags, ulong cas)
    {
        IsHit = true;
        Value = value;
        Flags = flags;
        Cas = cas;
    }

    /// <summary>Whether the key was present.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsHit { get; }

    /// <summary>The value on a hit; <see langword="default"/> on a miss.</summary>
    public T? Value { get; }

    /// <summary>The number that <see cref="IGranaryCache.CompareAndSetAsync"/> compares; 0 on a miss.</summary>
    public ulong Cas { get; }

    /// <summary>The writer's flags; 0 unless it set some.</summary>
    public uint Flags { get; }

    /// <summary>The value on a hit, else <paramref name="fallback"/>.</summary>
    public T ValueOr(T fallback) => IsHit ? Value : fallback;

    /// <summary>Tells a hit from a miss, and the value: <c>if (entry.TryGetValue(out var value))</c>.</summary>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = Value;
        return IsHit;
    }
}
