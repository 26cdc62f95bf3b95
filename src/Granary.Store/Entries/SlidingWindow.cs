namespace Granary.Store.Entries;

// An entry with a window expires that long after it was written or read last; to count it, or to join something to it, is
// to write it. Where it is served each read moves its expiry on, exactly. Its copies are told of that eight times in a
// window at most, and so keep it a little longer than their owner: at least an eighth, which is how far a copy may be
// behind, and less than a quarter. When the owner finds that such an entry has expired, it tells them that as well.

/// <summary>How each read of an entry puts its expiration off. Lies in records as it is here.</summary>
/// <param name="Milliseconds">From a read to its expiry; 0: reads do not change that.</param>
/// <param name="Latest">When it expires at the latest. UTC milliseconds since 1970; the greatest number for never.</param>
internal readonly record struct SlidingWindow(long Milliseconds, long Latest)
{
    private const int StepsPerWindow = 8;

    /// <summary>Length in records and frames.</summary>
    public const int Bytes = 16;

    public bool IsNone => Milliseconds == 0;

    private long Step => Math.Max(Milliseconds / StepsPerWindow, 1);

    /// <summary>Of an entry that is stored anew.</summary>
    public Expiration ToExpiration() => new(Latest == long.MaxValue ? 0 : -Latest, Milliseconds);

    /// <summary>When an entry expires that is used now.</summary>
    public long ExpiryAfter(long now) => Math.Min(now + Milliseconds, Latest);

    /// <summary>When a copy of an entry expires: later than the entry, by one step at least and two at most.</summary>
    public long ExpiryOfCopy(long expiresAt) => Math.Min(expiresAt - (expiresAt % Step) + (2 * Step), Latest);
}
