namespace Granary.Client.Cache.Leases;

// The entry holds the holder's name, which no other has. Its cas says whether it is still what the holder wrote last; if a
// change's outcome is unknown, its value does. So an entry of somebody else is never changed, and one of our own is found
// again. A delete that compares is a compare-and-set to what has expired.

/// <summary>The entry of a lease, as its holder sees it. One caller at a time.</summary>
internal sealed class LeaseEntry
{
    private const int MaxTakeAttempts = 3;

    // So often can a renewal fail in the time that is left for it.
    private const int RenewalAttempts = 8;

    private readonly GranaryCache _cache;
    private readonly TimeProvider _time;
    private readonly CacheKey _key;
    private readonly byte[] _holder;
    private readonly TimeSpan _lifetime;
    private long _renewedAt;

    private LeaseEntry(GranaryCache cache, TimeProvider time, CacheKey key, byte[] holder, TimeSpan lifetime)
    {
        _cache = cache;
        _time = time;
        _key = key;
        _holder = holder;
        _lifetime = lifetime;
    }

    /// <summary>The cas of the entry, as far as is known.</summary>
    public ulong Cas { get; private set; }

    /// <summary>How much longer nobody else can take the lease: the owner counts from later on. Not negative.</summary>
    public TimeSpan Remaining => Until(_lifetime);

    /// <summary>Not negative.</summary>
    public TimeSpan UntilRenewal => Until(_lifetime / 3);

    /// <summary>Takes a lease if nobody has it.</summary>
    /// <param name="cache">Where it is.</param>
    /// <param name="time">Tells how long it is still ours.</param>
    /// <param name="key">Its entry's.</param>
    /// <param name="holder">Of this lease alone.</param>
    /// <param name="lifetime">From now and from each renewal.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    /// <returns><see langword="null"/> if somebody has it.</returns>
    public static async ValueTask<LeaseEntry?> TryTakeAsync(
        GranaryCache cache,
        TimeProvider time,
        CacheKey key,
        byte[] holder,
        TimeSpan lifetime,
        CancellationToken cancellationToken)
    {
        var entry = new LeaseEntry(cache, time, key, holder, lifetime);
        return await entry.TryTakeAsync(cancellationToken).ConfigureAwait(false) && entry.Remaining > TimeSpan.Zero
            ? entry
            : null;
    }

    /// <summary>Has the lease live for its lifetime from now on; tries as long as it takes.</summary>
    /// <param name="cancellationToken">Ends it: when the lease is lost at the latest.</param>
    /// <returns><see langword="false"/> if the lease is not ours any more.</returns>
    public async ValueTask<bool> RenewAsync(CancellationToken cancellationToken)
    {
        bool isUnknown = false;
        while (true)
        {
            long sent = _time.GetTimestamp();
            try
            {
                ulong cas = await ChangeAsync(_holder, _lifetime, cancellationToken).ConfigureAwait(false);
                if (cas != 0)
                {
                    Cas = cas;
                    _renewedAt = sent;
                    return true;
                }

                if (!isUnknown || !await FindAsync(cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                isUnknown = false;
            }
            catch (GranaryException failure) when (failure is GranaryUnavailableException or GranaryOutcomeUnknownException)
            {
                isUnknown |= failure is GranaryOutcomeUnknownException;
                await Task.Delay(_lifetime / 3 / RenewalAttempts, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives the lease back, if it is ours.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            ulong cas = await ChangeAsync([], Gone, cancellationToken).ConfigureAwait(false);
            if (cas == 0 && await FindAsync(cancellationToken).ConfigureAwait(false))
            {
                await ChangeAsync([], Gone, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is GranaryException or OperationCanceledException)
        {
            // It ends by itself.
        }
    }

    private static Expiration Gone => Expiration.At(DateTimeOffset.UnixEpoch);

    private async ValueTask<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        _renewedAt = _time.GetTimestamp(); // from the first attempt: any of them may be the one that is applied
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Cas = await _cache.AddForCasAsync(_key, _holder, _lifetime, cancellationToken).ConfigureAwait(false);
                return Cas != 0 || (attempt > 1 && await FindAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (GranaryOutcomeUnknownException) when (attempt < MaxTakeAttempts)
            {
                // The next attempt finds what this one may have left.
            }
        }
    }

    private ValueTask<ulong> ChangeAsync(byte[] value, Expiration expiration, CancellationToken cancellationToken) =>
        _cache.CompareAndSetForCasAsync(_key, value, Cas, expiration, cancellationToken);

    // Whether the entry is ours, whatever its cas is by now.
    private async ValueTask<bool> FindAsync(CancellationToken cancellationToken)
    {
        CacheEntry<byte[]> entry = await _cache.GetAsync<byte[]>(_key, cancellationToken).ConfigureAwait(false);
        if (!entry.IsHit || !entry.Value.AsSpan().SequenceEqual(_holder))
        {
            return false;
        }

        Cas = entry.Cas;
        return true;
    }

    private TimeSpan Until(TimeSpan age)
    {
        TimeSpan left = age - _time.GetElapsedTime(_renewedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
