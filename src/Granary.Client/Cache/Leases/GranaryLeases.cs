using System.Text;
using Granary.Client.Routing;

namespace Granary.Client.Cache.Leases;

/// <summary>Leases over entries of the cache. Stateless.</summary>
internal sealed class GranaryLeases(GranaryCache cache, TimeProvider time) : IGranaryLeases
{
    private const string KeyPrefix = "granary.lease/";
    private const int MaxNameBytes = 1000;

    private static readonly LeaseOptions Defaults = new();

    private readonly Backoff _backoff = new(new Random());

    public ValueTask<GranaryLease?> TryAcquireAsync(
        string name, LeaseOptions? options = null, CancellationToken cancellationToken = default)
    {
        CacheKey key = KeyOf(name);
        TimeSpan lifetime = LifetimeOf(options ?? Defaults);
        return TryTakeAsync(name, key, lifetime, cancellationToken);
    }

    public ValueTask<GranaryLease> AcquireAsync(
        string name, LeaseOptions? options = null, CancellationToken cancellationToken = default)
    {
        CacheKey key = KeyOf(name);
        TimeSpan lifetime = LifetimeOf(options ?? Defaults);
        return TakeAsync(name, key, lifetime, cancellationToken);
    }

    /// <summary>Takes a lease if nobody has it.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="key">Of its entry.</param>
    /// <param name="lifetime">Not checked.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    internal async ValueTask<GranaryLease?> TryTakeAsync(
        string name, CacheKey key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        LeaseEntry? entry = await LeaseEntry
            .TryTakeAsync(cache, time, key, NewHolder(), lifetime, cancellationToken)
            .ConfigureAwait(false);
        return entry is null ? null : new GranaryLease(name, entry, time);
    }

    private static CacheKey KeyOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int length = Encoding.UTF8.GetByteCount(name);
        return length is > 0 and <= MaxNameBytes
            ? new CacheKey(KeyPrefix + name)
            : throw new ArgumentException(
                $"The lease's name has {length} bytes as UTF-8; it must have 1 to {MaxNameBytes}.", nameof(name));
    }

    private static TimeSpan LifetimeOf(LeaseOptions options)
    {
        TimeSpan lifetime = options.Lifetime;
        return lifetime >= LeaseOptions.MinLifetime && lifetime <= LeaseOptions.MaxLifetime
            ? lifetime
            : throw new ArgumentException(
                $"LeaseOptions.Lifetime is {lifetime}; it must be {LeaseOptions.MinLifetime} to {LeaseOptions.MaxLifetime}.",
                nameof(options));
    }

    // Whoever looks at the entry sees who has the lease.
    private static byte[] NewHolder() =>
        Encoding.UTF8.GetBytes($"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");

    private async ValueTask<GranaryLease> TakeAsync(
        string name, CacheKey key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            GranaryLease? lease = await TryTakeAsync(name, key, lifetime, cancellationToken).ConfigureAwait(false);
            if (lease is not null)
            {
                return lease;
            }

            await Task.Delay(_backoff.Before(attempt), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
