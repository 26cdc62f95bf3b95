namespace Granary.Client;

/// <summary>
/// Leases: of all that ask for one of a name, in every process, one has it. For work that must not be done twice at a time.
/// One instance serves the whole process; all members are thread-safe.
/// </summary>
/// <remarks>
/// <para>A lease is an entry that its holder renews. If the holder's process dies, the next one gets it when its lifetime has
/// passed.</para>
/// <para>No lock over a network can stop a holder that was paused: whatever the work writes to should refuse a
/// <see cref="GranaryLease.Token"/> lower than one that it has seen. Two can hold a lease, for a third of its lifetime at
/// most, if its entry is lost: with its silo, when shards have no replicas; by a flush of the whole cache; or by eviction, when
/// the silo's memory turns over in that time.</para>
/// </remarks>
public interface IGranaryLeases
{
    /// <summary>Takes a lease if nobody has it.</summary>
    /// <param name="name">What is leased: 1 to 1000 bytes as UTF-8.</param>
    /// <param name="options">Default <see cref="LeaseOptions"/>.</param>
    /// <param name="cancellationToken">
    /// Frees the caller. What was taken nevertheless is free again after its lifetime.
    /// </param>
    /// <returns>The lease, which is to be disposed of; <see langword="null"/> if somebody has it.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long, or the lifetime out of bounds.</exception>
    /// <exception cref="GranaryUnavailableException">The name's silo did not answer in time.</exception>
    ValueTask<GranaryLease?> TryAcquireAsync(
        string name, LeaseOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Takes a lease, and waits for it as long as somebody has it.</summary>
    /// <param name="name">What is leased: 1 to 1000 bytes as UTF-8.</param>
    /// <param name="options">Default <see cref="LeaseOptions"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease, which is to be disposed of.</returns>
    /// <remarks>Those who wait ask again up to ten times a second, and have no order.</remarks>
    /// <exception cref="ArgumentException">The name is empty or too long, or the lifetime out of bounds.</exception>
    /// <exception cref="GranaryUnavailableException">The name's silo did not answer in time.</exception>
    ValueTask<GranaryLease> AcquireAsync(
        string name, LeaseOptions? options = null, CancellationToken cancellationToken = default);
}
