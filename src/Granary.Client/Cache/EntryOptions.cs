using Granary.Wire;

namespace Granary.Client;

/// <summary>
/// What is stored beside a value. An <see cref="Client.Expiration"/>, a <see cref="TimeSpan"/> or a
/// <see cref="DateTimeOffset"/> converts implicitly: <c>SetAsync(key, value, TimeSpan.FromMinutes(5))</c>.
/// </summary>
public readonly record struct EntryOptions
{
    private readonly TimeSpan? _slidingExpiration;
    private readonly IReadOnlyCollection<string>? _tags;

    /// <summary>When the entry expires, with a <see cref="SlidingExpiration"/> at the latest. Default never.</summary>
    public Expiration Expiration { get; init; }

    /// <summary>
    /// How long after it was written or read last the entry expires. Positive; rounded up to a millisecond. Default none: then
    /// reads do not matter.
    /// </summary>
    /// <remarks>
    /// Reads of every client count, memcached's as well. The silo that owns the key counts exactly. An entry that has gone to
    /// another silo may stay a quarter of this longer, and never goes earlier. A touch, or another value without this, ends it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or negative.</exception>
    public TimeSpan? SlidingExpiration
    {
        get => _slidingExpiration;
        init
        {
            if (value is { } window)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero, nameof(value));
            }

            _slidingExpiration = value;
        }
    }

    /// <summary>
    /// Names by which the entry can be removed together with others: see <see cref="IGranaryCache.RemoveByTagAsync(string,
    /// CancellationToken)"/>. At most 15, each of 1 to 1024 characters. Default none.
    /// </summary>
    /// <remarks>
    /// Part of the value: another value has the tags that it is stored with; a touch, append or increment keeps them. Silos know
    /// only their hashes, 8 bytes each in the entry.
    /// </remarks>
    /// <exception cref="ArgumentException">There are too many, or one is empty or too long.</exception>
    public IReadOnlyCollection<string>? Tags
    {
        get => _tags;
        init
        {
            if (value?.Count > TagHash.MaxTags)
            {
                throw new ArgumentException($"There are {value.Count} tags; an entry can have {TagHash.MaxTags}.", nameof(value));
            }

            _tags = value;
            TagHashes = value?.Select(TagHash.Of).ToArray();
        }
    }

    /// <summary>The writer's flags, for readers of other languages that tell types by them. Default 0.</summary>
    public uint Flags { get; init; }

    /// <summary>See <see cref="PackedOperation.Window"/>.</summary>
    internal long Window => _slidingExpiration is { } window ? Expiration.After(window).Raw : 0;

    /// <summary>The tags as silos know them.</summary>
    internal ReadOnlyMemory<ulong> TagHashes { get; private init; }

    /// <summary>Expires as given.</summary>
    public static implicit operator EntryOptions(Expiration expiration) => new() { Expiration = expiration };

    /// <summary>Expires after a time.</summary>
    public static implicit operator EntryOptions(TimeSpan lifetime) => new() { Expiration = lifetime };

    /// <summary>Expires at a time.</summary>
    public static implicit operator EntryOptions(DateTimeOffset time) => new() { Expiration = time };
}
