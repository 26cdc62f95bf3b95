namespace Granary.Client;

/// <summary>
/// What is stored beside a value. An <see cref="Client.Expiration"/>, a <see cref="TimeSpan"/> or a
/// <see cref="DateTimeOffset"/> converts implicitly: <c>SetAsync(key, value, TimeSpan.FromMinutes(5))</c>.
/// </summary>
public readonly record struct EntryOptions
{
    /// <summary>When the entry expires. Default never.</summary>
    public Expiration Expiration { get; init; }

    /// <summary>The writer's flags, for readers of other languages that tell types by them. Default 0.</summary>
    public uint Flags { get; init; }

    /// <summary>Expires as given.</summary>
    public static implicit operator EntryOptions(Expiration expiration) => new() { Expiration = expiration };

    /// <summary>Expires after a time.</summary>
    public static implicit operator EntryOptions(TimeSpan lifetime) => new() { Expiration = lifetime };

    /// <summary>Expires at a time.</summary>
    public static implicit operator EntryOptions(DateTimeOffset time) => new() { Expiration = time };
}
