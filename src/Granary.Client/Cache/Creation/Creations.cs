using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using Granary.Client.Cache.Leases;
using Granary.Client.Routing;
using Granary.Wire;
using Microsoft.Extensions.Logging;

namespace Granary.Client.Cache.Creation;

// A miss is made by one caller of the cluster: callers of a process share a flight, and flights of several processes a lease.
// Who does not get the lease asks for it and for the value in turns, so that the death of who has it, or his failure, passes
// it on. While the cluster does not answer each process makes its own: a cache that is away must not take its application
// with it.

/// <summary>Reads that make what they miss. Thread-safe.</summary>
internal sealed class Creations(GranaryLeases leases, TimeProvider time, ILogger logger)
{
    private const string KeyPrefix = "granary.create/";

    // How long the others wait after the death of a process that makes a value.
    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(10);

    private readonly Backoff _backoff = new(new Random());
    private readonly ConcurrentDictionary<(CacheKey Key, Type Type), Flight> _flights = new();

    /// <summary>Keys that are being made for callers of this process.</summary>
    public int Flights => _flights.Count;

    /// <summary>Callers of this process who wait for one of them.</summary>
    public int Waiters => _flights.Values.Sum(static flight => flight.Waiters);

    /// <summary>Reads a value, or makes it.</summary>
    public async ValueTask<T> GetOrCreateAsync<TState, T>(
        IEntrySource<T> source,
        CacheKey key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        EntryOptions options,
        CancellationToken cancellationToken)
    {
        bool isAway = false;
        try
        {
            CacheEntry<T> entry = await source.GetAsync(key, cancellationToken).ConfigureAwait(false);
            if (entry.IsHit)
            {
                return entry.Value;
            }
        }
        catch (GranaryUnavailableException failure)
        {
            Log.MadeWithoutCluster(logger, failure);
            isAway = true;
        }

        return await CreateAsync(source, key, state, factory, options, isAway, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a value that was missing, unless somebody makes it: then waits for that.</summary>
    /// <param name="source">Where it goes, unless <paramref name="isAway"/>.</param>
    /// <param name="key">Its key.</param>
    /// <param name="state">Of the factory.</param>
    /// <param name="factory">Makes it.</param>
    /// <param name="options">It is stored with them.</param>
    /// <param name="isAway">The cluster does not answer, or is not to be asked: the value is made for this process alone.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    public async ValueTask<T> CreateAsync<TState, T>(
        IEntrySource<T> source,
        CacheKey key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        EntryOptions options,
        bool isAway,
        CancellationToken cancellationToken)
    {
        Flight<T> flight = Join<T>(key, out CacheKey? started);
        if (started is { } ownKey)
        {
            _ = FlyAsync(flight, source, ownKey, isAway, state, factory, options);
        }

        return await flight.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The key of the lease that whoever makes a value has.</summary>
    public static CacheKey LeaseKeyOf(in CacheKey key)
    {
        ReadOnlySpan<byte> bytes = key.AsSpan(stackalloc byte[key.ScratchLength]);
        byte[] prefix = Encoding.UTF8.GetBytes(KeyPrefix);
        return prefix.Length + bytes.Length <= WireLimits.MaxKeyBytes
            ? (byte[])[.. prefix, .. bytes]
            : (byte[])[.. prefix, .. Encoding.UTF8.GetBytes(Convert.ToHexString(XxHash128.Hash(bytes)))];
    }

    private static ValueTask EndAsync(GranaryLease? lease) => lease?.DisposeAsync() ?? default;

    private static bool IsOutage(GranaryException failure) =>
        failure is GranaryUnavailableException or GranaryOutcomeUnknownException;

    // The flight of a key, and its key if the caller is to start it: in memory of its own, because the caller may leave first.
    private Flight<T> Join<T>(in CacheKey key, out CacheKey? started)
    {
        started = null;
        while (true)
        {
            if (_flights.TryGetValue((key, typeof(T)), out Flight? found))
            {
                var flight = (Flight<T>)found;
                if (flight.TryJoin())
                {
                    return flight;
                }

                Remove(key, flight);
            }

            CacheKey own = key.ToOwned();
            var created = new Flight<T>();
            if (_flights.TryAdd((own, typeof(T)), created))
            {
                started = own;
                return created;
            }
        }
    }

    private void Remove<T>(in CacheKey key, Flight<T> flight) =>
        _flights.TryRemove(KeyValuePair.Create((key, typeof(T)), (Flight)flight));

    private async Task FlyAsync<TState, T>(
        Flight<T> flight,
        IEntrySource<T> source,
        CacheKey key,
        bool isAway,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        EntryOptions options)
    {
        GranaryLease? lease = null;
        try
        {
            CacheEntry<T> entry = default;
            if (!isAway)
            {
                (lease, entry) = await TakeTurnAsync(source, key, flight.Abandoned).ConfigureAwait(false);
            }

            T value = entry.IsHit ? entry.Value : await factory(state, flight.Abandoned).ConfigureAwait(false)
                ?? throw new InvalidOperationException(
                    $"The factory of key '{key}' returned null, which cannot be stored.");
            if (!entry.IsHit && lease is not null)
            {
                await StoreAsync(source, key, value, options, flight.Abandoned).ConfigureAwait(false);
            }

            Remove(key, flight);
            flight.Land(value);
        }
        catch (Exception failure) // the factory's: its callers get it
        {
            Remove(key, flight);
            flight.Crash(failure);
        }

        // Nobody waits for that.
        await EndAsync(lease).ConfigureAwait(false);
    }

    // Until the value is there, or it is our turn to make it. With neither the cluster is away.
    private async Task<(GranaryLease? Lease, CacheEntry<T> Entry)> TakeTurnAsync<T>(
        IEntrySource<T> source, CacheKey key, CancellationToken cancellationToken)
    {
        CacheKey leaseKey = LeaseKeyOf(key);
        GranaryLease? lease = null;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                lease = await leases
                    .TryTakeAsync(key.ToString(), leaseKey, LeaseLifetime, cancellationToken)
                    .ConfigureAwait(false);
                CacheEntry<T> entry = await source.GetAsync(key, cancellationToken).ConfigureAwait(false);
                if (entry.IsHit || lease is not null)
                {
                    return (lease, entry);
                }

                await Task.Delay(_backoff.Before(attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (GranaryException failure) when (IsOutage(failure))
        {
            Log.MadeWithoutCluster(logger, failure);
            return (lease, default);
        }
        catch
        {
            await EndAsync(lease).ConfigureAwait(false);
            throw;
        }
    }

    private async Task StoreAsync<T>(
        IEntrySource<T> source, CacheKey key, T value, EntryOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await source.SetAsync(key, value, options, cancellationToken).ConfigureAwait(false);
        }
        catch (GranaryException failure) when (IsOutage(failure))
        {
            Log.MadeWithoutCluster(logger, failure);
        }
    }
}
