using Granary.Wire;

namespace Granary.Client.Cache;

/// <summary>What is stored, as an operation for the silos.</summary>
internal static class PackedStore
{
    /// <summary>One that fits into a batch.</summary>
    /// <param name="kind">A storage operation.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Expiration, window and tags.</param>
    /// <param name="flags">Those of the value's bytes.</param>
    /// <param name="cas">Of a compare-and-set.</param>
    public static PackedOperation Of(
        CacheOperation kind,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        in EntryOptions options,
        uint flags,
        ulong cas)
    {
        OperationOptions? tagged = TaggedOf(kind, options, cas);
        return new PackedOperation
        {
            Operation = tagged is null ? kind : CacheOperation.PutWith,
            Key = key,
            Value = value,
            Flags = flags,
            Expiration = options.Expiration.Raw,
            Window = options.Window,
            Number = tagged is null ? cas : 0,
            Options = tagged ?? default,
        };
    }

    /// <summary>The options of an operation whose entry has tags; <see langword="null"/> if it has none.</summary>
    public static OperationOptions? TaggedOf(CacheOperation kind, in EntryOptions options, ulong cas) =>
        options.TagHashes.IsEmpty
            ? null
            : new OperationOptions { Mode = kind, Compare = cas, Tags = options.TagHashes };
}
